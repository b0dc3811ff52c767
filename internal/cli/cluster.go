package cli

import (
	"maps"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"k8s.io/cli-runtime/pkg/genericclioptions"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"

	"github.com/kubelaudo/laudo/message"
)

// clusterFlags are the flags that kubectl has to choose a cluster, a user and
// the way there.
type clusterFlags struct {
	*genericclioptions.ConfigFlags
	own *pflag.FlagSet // these flags alone
}

// usages says in the user's language what kubectl's flags do.
var usages = map[string]message.Word{
	"kubeconfig":               {EN: "kubeconfig file", PT: "arquivo kubeconfig"},
	"context":                  {EN: "kubeconfig context", PT: "contexto do kubeconfig"},
	"cluster":                  {EN: "kubeconfig cluster", PT: "cluster do kubeconfig"},
	"user":                     {EN: "kubeconfig user", PT: "usuário do kubeconfig"},
	"namespace":                {EN: "accepted as kubectl does; laudo looks at the whole cluster", PT: "aceito como no kubectl; o laudo olha o cluster inteiro"},
	"server":                   {EN: "address of the API server", PT: "endereço do API server"},
	"tls-server-name":          {EN: "name that the API server's certificate must hold", PT: "nome que o certificado do API server deve conter"},
	"insecure-skip-tls-verify": {EN: "do not check the API server's certificate", PT: "não confere o certificado do API server"},
	"certificate-authority":    {EN: "file with the CA of the API server", PT: "arquivo com a CA do API server"},
	"client-certificate":       {EN: "file with the client certificate", PT: "arquivo com o certificado de cliente"},
	"client-key":               {EN: "file with the client key", PT: "arquivo com a chave do cliente"},
	"token":                    {EN: "bearer token", PT: "token do portador"},
	"as":                       {EN: "user to impersonate", PT: "usuário a personificar"},
	"as-uid":                   {EN: "UID to impersonate", PT: "UID a personificar"},
	"as-group":                 {EN: "group to impersonate; can be repeated", PT: "grupo a personificar; pode ser repetido"},
	"as-user-extra":            {EN: "extra of the impersonated user; can be repeated", PT: "extra do usuário personificado; pode ser repetido"},
	"request-timeout":          {EN: "time for a single request; 0: no limit of its own", PT: "tempo para uma única requisição; 0: sem limite próprio"},
	"disable-compression":      {EN: "do not compress responses", PT: "não comprime as respostas"},
	"proxy-url":                {EN: "proxy on the way to the API server", PT: "proxy no caminho até o API server"},
}

// cluster adds kubectl's flags to a command.
func (a *app) cluster(cmd *cobra.Command) *clusterFlags {
	config := genericclioptions.NewConfigFlags(false)
	config.CacheDir = nil // nothing is cached
	c := &clusterFlags{config, pflag.NewFlagSet("cluster", pflag.ContinueOnError)}
	config.AddFlags(c.own)
	c.own.VisitAll(func(f *pflag.Flag) {
		if word, ok := usages[f.Name]; ok {
			f.Usage = a.say(word)
		}
		f.Annotations = map[string][]string{clusterGroup: nil}
	})
	cmd.Flags().AddFlagSet(c.own)
	c.complete(cmd, "context", func(k clientcmdapi.Config) []string { return slices.Sorted(maps.Keys(k.Contexts)) })
	c.complete(cmd, "cluster", func(k clientcmdapi.Config) []string { return slices.Sorted(maps.Keys(k.Clusters)) })
	c.complete(cmd, "user", func(k clientcmdapi.Config) []string { return slices.Sorted(maps.Keys(k.AuthInfos)) })
	return c
}

// complete has the shell complete a flag with names out of the kubeconfig.
func (c *clusterFlags) complete(cmd *cobra.Command, flag string, names func(clientcmdapi.Config) []string) {
	_ = cmd.RegisterFlagCompletionFunc(flag, func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		config, err := c.ToRawKubeConfigLoader().RawConfig()
		if err != nil {
			return nil, cobra.ShellCompDirectiveError
		}
		return names(config), cobra.ShellCompDirectiveNoFileComp
	})
}

// given returns the name of one of these flags that the user gave; empty: none.
func (c *clusterFlags) given() string {
	name := ""
	c.own.VisitAll(func(f *pflag.Flag) {
		if f.Changed {
			name = f.Name
		}
	})
	return name
}
