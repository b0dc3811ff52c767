package collect

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	utiljson "k8s.io/apimachinery/pkg/util/json"

	"github.com/kubelaudo/laudo/evidence"
)

// get answers a Get: one object by name.
func (l *Live) get(ctx context.Context, q evidence.Question, a *evidence.Answer, each func(runtime.Object)) {
	o, err := l.object(ctx, q, a)
	var status *statusError
	switch {
	case errors.As(err, &status) && status.code == http.StatusNotFound:
		a.Absent = true
	case err != nil:
		a.Gap = gap(ctx, err)
		if a.Gap.Why == evidence.Forbidden && status != nil && status.status.Message == "" {
			a.Gap.Detail = "cannot get " + subject(q) + ": " + a.Gap.Detail
		}
	default:
		evidence.Redact(o)
		each(o)
	}
}

// object gets one object, as it is.
func (l *Live) object(ctx context.Context, q evidence.Question, a *evidence.Answer) (runtime.Object, error) {
	ctx, cancel := context.WithTimeout(ctx, pageTime)
	defer cancel()
	path, err := resourcePath(q.Resource, q.Namespace, q.Name)
	if err != nil {
		return nil, err
	}
	response, err := l.send(ctx, path, nil, accept(q))
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	a.ServerTime = serverTime(response)
	if response.StatusCode != http.StatusOK {
		return nil, newStatusError(response)
	}
	body, err := io.ReadAll(bounded(response.Body, subject(q), maxObject))
	if err != nil {
		return nil, err
	}
	o := newObject(q)
	if strings.HasPrefix(response.Header.Get("Content-Type"), protobufType) {
		raw, err := unwrap(body)
		if err == nil {
			err = decodeProtobuf(raw, o)
		}
		if err != nil {
			return nil, garbled("decoding %s: %w", subject(q), err)
		}
		return o, nil
	}
	if err := decodeJSON(body, o); err != nil {
		return nil, garbled("decoding %s: %w", subject(q), err)
	}
	return o, nil
}

func newObject(q evidence.Question) runtime.Object {
	if q.Metadata {
		return evidence.NewMetadata()
	}
	return evidence.NewObject(q.Resource)
}

// accept returns the encodings to ask for: protobuf for what has a Go type.
func accept(q evidence.Question) string {
	if q.Metadata {
		return metadataType
	}
	if _, unknown := evidence.NewObject(q.Resource).(*unstructured.Unstructured); unknown {
		return jsonType
	}
	return protobufType + "," + jsonType
}

// subject names what is asked for, as in "apps/v1/deployments -n a b".
func subject(q evidence.Question) string {
	s := q.Resource
	if q.Namespace != "" {
		s += " -n " + q.Namespace
	}
	if q.Name != "" {
		s += " " + q.Name
	}
	return s
}

type unmarshaler interface{ Unmarshal([]byte) error }

func decodeProtobuf(raw []byte, o runtime.Object) error {
	m, ok := o.(unmarshaler)
	if !ok {
		return errors.New("protobuf, which was not asked for")
	}
	return m.Unmarshal(raw)
}

func decodeJSON(raw []byte, o runtime.Object) error {
	if u, ok := o.(*unstructured.Unstructured); ok {
		return utiljson.Unmarshal(raw, &u.Object)
	}
	return utiljson.Unmarshal(raw, o)
}
