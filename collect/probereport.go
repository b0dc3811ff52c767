package collect

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/kubelaudo/laudo/evidence"
)

// A probe reports in the termination message of its container. It is the one
// way out of a Pod that needs neither a token nor a right nor the tunnel: the
// kubelet reads a file and puts it into the Pod's status.
const (
	// reportMost is how long a report is at most, in bytes: a kubelet keeps 4096 of a
	// termination message, the last ones, and 12 KiB of all of a Pod.
	reportMost       = 4096
	reportContainers = 3
	reportMark       = "laudo1:"
)

// errNoReport is what reading a report fails with.
var errNoReport = errors.New("the termination message is no report of laudo")

// Report answers questions on the machine that it runs on, and returns the
// report, which ReadReport reads: at most 4096 bytes. An answer that does not fit
// loses what it can spare, or is replaced by a gap.
func Report(ctx context.Context, h *Host, questions []evidence.Question) string {
	answers := make([]evidence.Answer, len(questions))
	var wg sync.WaitGroup
	for i, q := range questions {
		wg.Go(func() {
			own := *h
			own.Standpoint = q.From
			answers[i] = own.Ask(ctx, q, nil)
			answers[i].Question = evidence.Question{} // whoever asked knows
		})
	}
	wg.Wait()
	text := packReport(answers)
	for len(text) > reportMost && spare(answers) {
		text = packReport(answers)
	}
	return text
}

// spare takes something out of the answers that can be done without, and
// reports whether there was anything.
func spare(answers []evidence.Answer) bool {
	for i := range answers {
		if shake := answers[i].Shake; shake != nil && len(shake.Peer) > 1 {
			shake.Peer = shake.Peer[:1]
			return true
		}
	}
	for i := range answers {
		for j := range answers[i].Files {
			if f := &answers[i].Files[j]; len(f.Certificates) > 1 {
				f.Certificates, f.Error = f.Certificates[:1], "more certificates than fit into the report"
				return true
			}
		}
	}
	largest, most := -1, 0
	for i := range answers {
		if data, err := json.Marshal(answers[i]); err == nil && answers[i].Gap == nil && len(data) > most {
			largest, most = i, len(data)
		}
	}
	if largest < 0 {
		return false
	}
	answers[largest] = evidence.Answer{At: answers[largest].At, Gap: &evidence.Gap{Why: evidence.Failed, Detail: "the answer does not fit into the report"}}
	return true
}

func packReport(answers []evidence.Answer) string {
	var b bytes.Buffer
	zipped, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err := json.NewEncoder(zipped).Encode(answers); err != nil {
		return ""
	}
	if err := zipped.Close(); err != nil {
		return ""
	}
	return reportMark + base64.StdEncoding.EncodeToString(b.Bytes())
}

// maxReport bounds a report, unpacked: what is read was written by a Pod.
const maxReport = 1 << 20

// ReadReport reads the answers to the questions out of a report.
func ReadReport(text string, questions []evidence.Question) ([]evidence.Answer, error) {
	packed, ok := strings.CutPrefix(strings.TrimSpace(text), reportMark)
	if !ok {
		return nil, errNoReport
	}
	data, err := base64.StdEncoding.DecodeString(packed)
	if err != nil {
		return nil, fmt.Errorf("%w: %v", errNoReport, err)
	}
	zipped, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%w: %v", errNoReport, err)
	}
	var answers []evidence.Answer
	if err := json.NewDecoder(io.LimitReader(zipped, maxReport)).Decode(&answers); err != nil {
		return nil, fmt.Errorf("%w: %v", errNoReport, err)
	}
	if len(answers) != len(questions) {
		return nil, fmt.Errorf("%w: %d answers to %d questions", errNoReport, len(answers), len(questions))
	}
	for i := range answers {
		answers[i].Question = questions[i]
		answers[i].Text = evidence.RedactText(answers[i].Text)
	}
	return answers, nil
}
