package collect

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubelaudo/laudo/evidence"
)

// pageSize is how many objects are asked for at a time, as kubectl does.
const pageSize = 500

// list answers a List, page by page. Objects are decoded and handed on one at a
// time while the page still arrives, and the next page is already asked for:
// no page is ever held decoded.
func (l *Live) list(ctx context.Context, q evidence.Question, a *evidence.Answer, each func(runtime.Object)) {
	path, err := resourcePath(q.Resource, q.Namespace, "")
	if err != nil {
		a.Gap = &evidence.Gap{Why: evidence.Failed, Detail: err.Error()}
		return
	}
	pages, stop := context.WithCancel(ctx)
	defer stop()
	pending := l.page(pages, path, q, "")
	for number := 1; pending != nil; number++ {
		current := <-pending
		pending = nil
		onContinue := func(token string) {
			if token != "" && pending == nil {
				pending = l.page(pages, path, q, token)
			}
		}
		err := current.read(q, a, onContinue, func(o runtime.Object) {
			evidence.Redact(o)
			a.Count++
			each(o)
		})
		if err == nil {
			continue
		}
		stop()
		drop(pending)
		var status *statusError
		if number == 1 && errors.As(err, &status) && status.code == http.StatusNotFound {
			a.Absent = true
			return
		}
		a.Gap = gap(ctx, err)
		switch {
		case a.Gap.Why == evidence.Forbidden && status != nil && status.status.Message == "":
			a.Gap.Detail = "cannot list " + subject(q) + ": " + a.Gap.Detail
		case a.Count > 0:
			a.Gap.Detail = fmt.Sprintf("page %d, after %d objects: %s", number, a.Count, a.Gap.Detail)
		}
		return
	}
}

// page is a response under way.
type page struct {
	response *http.Response
	err      error
	cancel   context.CancelFunc
}

// page asks for a page and returns at once; the page comes through the channel.
func (l *Live) page(ctx context.Context, path string, q evidence.Question, token string) chan page {
	query := url.Values{"limit": {strconv.Itoa(pageSize)}}
	if token != "" {
		query.Set("continue", token)
	}
	coming := make(chan page, 1)
	go func() {
		ctx, cancel := context.WithTimeout(ctx, pageTime)
		response, err := l.send(ctx, path, query, accept(q))
		coming <- page{response, err, cancel}
	}()
	return coming
}

// drop lets go of a page that is not wanted any more.
func drop(coming chan page) {
	if coming == nil {
		return
	}
	go func() {
		p := <-coming
		if p.response != nil {
			p.response.Body.Close()
		}
		p.cancel()
	}()
}

// read hands on the objects of the page.
func (p page) read(q evidence.Question, a *evidence.Answer, onContinue func(string), each func(runtime.Object)) error {
	defer p.cancel()
	if p.err != nil {
		return p.err
	}
	defer p.response.Body.Close()
	if t := serverTime(p.response); a.ServerTime.IsZero() {
		a.ServerTime = t
	}
	if p.response.StatusCode != http.StatusOK {
		return newStatusError(p.response)
	}
	if strings.HasPrefix(p.response.Header.Get("Content-Type"), protobufType) {
		return readProtobufList(p.response.Body, func(meta metav1.ListMeta) { onContinue(meta.Continue) }, func(raw []byte) error {
			o := newObject(q)
			if err := decodeProtobuf(raw, o); err != nil {
				return garbled("decoding one of %s: %w", subject(q), err)
			}
			each(o)
			return nil
		})
	}
	return readJSONList(p.response.Body, onContinue, func(kind, version string, raw []byte) error {
		o := newObject(q)
		if err := decodeJSON(raw, o); err != nil {
			return garbled("decoding one of %s: %w", subject(q), err)
		}
		if u, ok := o.(*unstructured.Unstructured); ok && u.GetKind() == "" {
			u.SetKind(strings.TrimSuffix(kind, "List"))
			u.SetAPIVersion(version)
		}
		each(o)
		return nil
	})
}

// broken tells an error of the connection from a body that ends or reads wrong.
func broken(err error) error {
	if err == nil || errors.As(err, new(*garbledError)) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return garbled("the list ends early: %w", io.ErrUnexpectedEOF)
	}
	return garbled("reading the list: %w", err)
}
