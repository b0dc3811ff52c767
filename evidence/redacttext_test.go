package evidence

import (
	"encoding/base64"
	"strings"
	"testing"
)

// canary must never come out; it has a form that no rule of shape knows.
const canary = "hunter2canary"

func TestRedactTextTakesOut(t *testing.T) {
	pem := "-----BEGIN RSA PRIVATE KEY-----\nMIIE" + canary + "\nabc=\n-----END RSA PRIVATE KEY-----\n"
	jwt := "eyJhbGciOiJSUzI1NiIsImtpZCI6IiJ9.eyJpc3MiOiJ" + canary + ".c2lnbmF0dXJl-" + canary
	encodedKey := base64.StdEncoding.EncodeToString([]byte("-----BEGIN EC PRIVATE KEY-----\n" + canary + "\n-----END EC PRIVATE KEY-----\n"))
	for _, text := range []string{
		"--token=" + canary,
		"--token " + canary,
		"senha: " + canary,
		jwt[:strings.LastIndexByte(jwt, '.')],
		"-token=" + canary,
		"--password='" + canary + " with spaces'",
		"--client-secret " + canary + " --other",
		"--encryption-key=" + canary,
		"agent --api-key=" + canary + " --v=2",
		"password: " + canary,
		"password: \"" + canary + "\"",
		"password: pass word " + canary,
		"password:\t" + canary,
		"user: a\n  password: " + canary + "\nport: 1",
		"- token: " + canary,
		"users:\n- name: a\n  user:\n    token: " + canary + "\n",
		"client-key-data: " + canary,
		"password: |\n  line\n  " + canary + "\nuser: x\n",
		"  secret: >-\n    one\n\n    " + canary + "\n  user: x\n",
		"tokens:\n- abc\n- " + canary + "\n",
		"tokens: [abc, " + canary + "]",
		`{"password": "` + canary + `"}`,
		`{"a":1,"password":"x\"` + canary + `","b":2}`,
		`{"tokens":["` + canary + `"]}`,
		`{"config":"{\"password\":\"` + canary + `\"}"}`,
		`{"config":"user: a\npassword: ` + canary + `\nport: 1"}`,
		`{password: ` + canary + `, user: a}`,
		`{user: a, password: b ` + canary + `}`,
		"db.password=" + canary,
		"db.password = " + canary,
		"export DB_PASSWORD=" + canary,
		"DB_PASS=" + canary,
		"#password=" + canary,
		"password := \"" + canary + "\"",
		"<password>" + canary + "</password>",
		`<user name="a" password="` + canary + `"/>`,
		"https://user:" + canary + "@host/path",
		"https://" + canary + "@host/path",
		"postgres://a:p@" + canary + "@host:5432/db",
		"root:" + canary + "@tcp(db:3306)/x",
		"GET /x?token=" + canary + "&a=b",
		"https://acc.blob.example/x?sv=1&sig=" + canary + "%3D&se=2",
		"DefaultEndpointsProtocol=https;AccountName=a;AccountKey=" + canary + "==;EndpointSuffix=x",
		"Endpoint=sb://x/;SharedAccessKeyName=Root;SharedAccessKey=" + canary + "=",
		"Authorization: Bearer " + canary,
		"Authorization: Basic " + canary,
		"curl -H 'Authorization: Bearer " + canary + "' http://x",
		"curl -H \"X-Vault-Token: " + canary + "\" http://x",
		"bearer abc123" + canary,
		"aws_secret_access_key = " + canary,
		"the key is\n" + pem + "and more",
		"truncated -----BEGIN PRIVATE KEY-----\n" + canary,
		`{"private_key": "-----BEGIN PRIVATE KEY-----\n` + canary + `\n-----END PRIVATE KEY-----\n"}`,
		"key " + encodedKey,
		"found " + jwt + " in it",
		jwt,
		`{"auths":{"registry.example":{"auth":"` + canary + `"}}}`,
		"//registry.example/:_authToken=" + canary,
		"Set-Cookie: session=" + canary,
		"login failed: password=" + canary + " token: " + canary,
		"error: invalid token: " + canary,
		"error: invalid token: " + canary + ": rejected",
		"invalid token: " + canary + ", try again",
		"the server says: bad password: " + canary + ".",
		"bad password: \"" + canary + "\"",
		"invalid api key: " + canary,
		"Invalid API key: " + canary + " (code 7)",
		"rejected the access key: " + canary,
		"user a with password '" + canary + "'",
		"user a with password \"" + canary + "\" failed",
		"log in as a using the passphrase \"my " + canary + "\"",
		"curl -u me:" + canary + " http://x",
		"curl -s -u 'me:" + canary + "' http://x",
		"curl --user me:" + canary,
		"curl --user=me:" + canary,
		"mysql -h db -u root -p" + canary + " x",
		"mysqldump -p'" + canary + "' x",
		"sh -c \"mysqladmin -uroot -p" + canary + " ping\"",
		"sshpass -p " + canary + " ssh a@b",
		"sshpass -p" + canary + " ssh a",
		"redis-cli -h db -a " + canary + " ping",
		"redis-cli -a '" + canary + "'",
		"https://hooks.slack.com/services/T00000000/B00000000/" + canary,
		"post to hooks.slack.com/services/T0/B0/" + canary + " failed",
		"invalid token: swordfish" + canary,
	} {
		got := RedactText(text)
		if strings.Contains(got, canary) {
			t.Errorf("RedactText(%q) = %q", text, got)
		}
		if again := RedactText(got); again != got {
			t.Errorf("RedactText(%q) = %q, and again: %q", text, got, again)
		}
	}
}

func TestRedactTextKnowsForms(t *testing.T) {
	for _, text := range []string{
		"AKIA" + "IOSFODNN7EXAMPLE",
		"ghp_" + strings.Repeat("a1B2", 9),
		"glpat-" + strings.Repeat("x1", 10),
		"xoxb-" + "123456789012-abcdefabcdef",
		"abcdef.0123456789abcdef",
		"hvs." + strings.Repeat("Ab1", 10),
		"bot123456789:" + strings.Repeat("Ab1", 12),
	} {
		for _, around := range []string{text, "it is " + text + " here", `"` + text + `"`} {
			if got := RedactText(around); strings.Contains(got, text) {
				t.Errorf("RedactText(%q) = %q", around, got)
			}
		}
	}
}

// What laws read must come through as it is.
func TestRedactTextKeeps(t *testing.T) {
	certificate := base64.StdEncoding.EncodeToString([]byte("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"))
	for _, text := range []string{
		"",
		"kube-system",
		"sha256:4c1e5a0ae3dd2f3be7ba5fcaa7bd1b1c0fcd6fd3f7c4d84ea27d5c8a6bb3d0f3",
		"docker-pullable://nginx@sha256:4c1e5a0ae3dd2f3be7ba5fcaa7bd1b1c0fcd6fd3f7c4d84ea27d5c8a6bb3d0f3",
		"registry.k8s.io/kas-network-proxy/proxy-agent:v0.36.0",
		"--agent-cert=/certs/client.crt",
		"--agent-key=/certs/client.key",
		"--agent-key /certs/client.key",
		"--service-account-token-path=/var/run/secrets/tokens/konnectivity-agent-token",
		"--tls-private-key-file=/etc/kubernetes/pki/apiserver.key",
		"--token-auth-file=/etc/kubernetes/tokens.csv",
		"--authentication-token-webhook=true",
		"--authentication-token-webhook-cache-ttl=2m0s",
		"--authentication-audience=system:konnectivity-server",
		"--enable-bootstrap-token-auth=true",
		"--controllers=*,bootstrapsigner,tokencleaner",
		"--feature-gates=LegacyServiceAccountTokenTracking=true,Foo=false",
		"--metric-resolution=15s",
		"tokenFile: /var/run/secrets/kubernetes.io/serviceaccount/token",
		"authentication:\n  webhook:\n    cacheTTL: 2m0s\n    enabled: true\n  x509:\n    clientCAFile: /etc/kubernetes/pki/ca.crt\n",
		"client-certificate-data: " + certificate,
		"certificate-authority-data: " + certificate,
		"client-key: /var/lib/kubelet/pki/kubelet-client-current.pem",
		"secretName: konnectivity-certs",
		"imagePullSecrets:\n- name: registry\n",
		`MountVolume.SetUp failed for volume "certs" : secret "konnectivity-certs" not found`,
		`secrets "konnectivity-certs" is forbidden: User "system:serviceaccount:a:b" cannot get resource "secrets" in API group "" in the namespace "kube-system"`,
		`Get "https://10.0.0.4:10250/containerLogs/kube-system/a-token-x/c?limitBytes=1": No agent available`,
		`Get "https://10.240.0.4:10250/metrics/resource": x509: certificate signed by unknown authority (possibly because of "crypto/rsa: verification error" while trying to verify candidate authority certificate "ca")`,
		`tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-22T17:00:00Z is after 2026-11-08T12:00:00Z`,
		"x509: certificate is valid for 10.96.0.1, kubernetes.default.svc, not 127.0.0.1",
		"remote error: tls: certificate required",
		"dial unix /run/konnectivity/server.sock: connect: no such file or directory",
		"open /var/run/secrets/kubernetes.io/serviceaccount/token: no such file or directory",
		`the server has asked for the client to provide credentials ( pods/log konnectivity-agent-x)`,
		"bearer authentication is on",
		"invalid bearer token, token has expired",
		"Unable to authenticate the request: [invalid bearer token, service account token has been invalidated]",
		`error validating "--authentication-audience": token review failed`,
		"system:serviceaccount:kube-system:konnectivity-agent",
		"password: $(DB_PASSWORD)",
		"cannot use the token: it has expired",
		"cannot use the token: expired",
		"invalid bearer token",
		"failed to fetch token: Unauthorized",
		"oauth2: cannot fetch token: 400 Bad Request",
		"failed to fetch token: oauth2: server is down",
		`failed to fetch token: Post "https://10.0.0.1:443/x": dial tcp 10.0.0.1:443: connect: connection refused`,
		"invalid token: x509: certificate has expired or is not yet valid",
		"getting credentials: exec: executable aws failed with exit code 1",
		`getting credentials: exec: executable "gke-gcloud-auth-plugin" not found`,
		`token audiences ["a"] is invalid for the target audiences ["b"]`,
		"service account token has expired",
		`secrets "x" is forbidden`,
		"references non-existent secret key: tls.crt",
		`couldn't find key password in Secret n/s`,
		`couldn't find key "password" in Secret n/s`,
		"tls: failed to find any PEM data in key input",
		"tls: private key does not match public key",
		"unknown flag: --password",
		"the flag --password is required",
		"--token and --kubeconfig do not go together",
		"the password is wrong",
		"docker run --user 1000:1000 x",
		"date -u +%H:%M:%S",
		"mkdir -p /data/x",
		"mysql -p",
		"mysqld is down, see --port",
		"redis-cli -h db ping",
		"pod n/token-reviewer: CrashLoopBackOff",
		"https://hooks.slack.com/",
		"--token=${TOKEN}",
		"master.examplecompanyxy.com",
		"node1.eastusprivatenet is a host",
		"I1122 17:00:00.000000 1 options.go:150] ServiceAccountTokenPath set to \"/var/run/secrets/tokens/konnectivity-agent-token\".",
	} {
		if got := RedactText(text); got != text {
			t.Errorf("RedactText(%q)\n      = %q", text, got)
		}
	}
}

func FuzzRedactText(f *testing.F) {
	for _, seed := range []string{
		"password: |\n a\nb", `{"token":"x","y":[1]}`, "--token x", "https://a:b@c", "secret=[[", "token:\n- a\n- b",
		`\"password\":\"x\"`, "-----BEGIN PRIVATE KEY-----", "Bearer eyJa.b.c", "key=\"\\\"", "sig=sig=sig=", "<token>",
		"a token: x1, b", "api key: \"a b\"", "mysql -p'x", "curl -u a:b:c", "with password 'x", "sshpass -p -p x", "hooks.slack.com/x/y",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		once := RedactText(text)
		if twice := RedactText(once); twice != once {
			t.Errorf("RedactText(%q) = %q, and again: %q", text, once, twice)
		}
	})
}
