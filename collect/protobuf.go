package collect

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// Protobuf from the API server is four bytes, then a message runtime.Unknown
// whose field 2 is the object. In a list, field 1 is the ListMeta and field 2,
// repeated, the items. This reads a list item by item, as it arrives.

var magic = []byte("k8s\x00")

// The wire types of protobuf.
const (
	wireVarint  = 0
	wireFixed64 = 1
	wireBytes   = 2
	wireFixed32 = 5
)

// unwrap returns the object in body.
func unwrap(body []byte) ([]byte, error) {
	rest, ok := bytes.CutPrefix(body, magic)
	if !ok {
		return nil, errors.New("not protobuf of Kubernetes")
	}
	var unknown runtime.Unknown
	if err := unknown.Unmarshal(rest); err != nil {
		return nil, err
	}
	return unknown.Raw, nil
}

// readProtobufList reads a list. The bytes that each gets are valid until it
// returns.
func readProtobufList(body io.Reader, onMeta func(metav1.ListMeta), each func([]byte) error) error {
	r := bufio.NewReaderSize(bounded(body, "a page of the list", maxPage), 64<<10)
	head := make([]byte, len(magic))
	if _, err := io.ReadFull(r, head); err != nil {
		return broken(err)
	}
	if !bytes.Equal(head, magic) {
		return garbled("the list is not protobuf of Kubernetes")
	}
	found := false
	for {
		field, wire, err := readTag(r)
		if errors.Is(err, io.EOF) && found {
			return nil
		}
		if err != nil {
			return broken(err)
		}
		if field != 2 || wire != wireBytes {
			if err := skipField(r, wire); err != nil {
				return broken(err)
			}
			continue
		}
		size, err := binary.ReadUvarint(r)
		if err != nil {
			return broken(err)
		}
		found = true
		if err := readItems(&io.LimitedReader{R: r, N: int64(min(size, 1<<40))}, onMeta, each); err != nil {
			return err
		}
	}
}

// readItems reads the list proper.
func readItems(limited *io.LimitedReader, onMeta func(metav1.ListMeta), each func([]byte) error) error {
	r := &byteReader{limited}
	var buffer []byte
	for limited.N > 0 {
		field, wire, err := readTag(r)
		if err != nil {
			return broken(err)
		}
		if wire != wireBytes || field > 2 {
			if err := skipField(r, wire); err != nil {
				return broken(err)
			}
			continue
		}
		size, err := binary.ReadUvarint(r)
		if err != nil {
			return broken(err)
		}
		if size > maxObject {
			return tooLarge("an object of the list", maxObject)
		}
		if uint64(cap(buffer)) < size {
			buffer = make([]byte, size+size/2)
		}
		buffer = buffer[:size]
		if _, err := io.ReadFull(r, buffer); err != nil {
			return broken(err)
		}
		if field == 2 {
			if err := each(buffer); err != nil {
				return err
			}
			continue
		}
		var meta metav1.ListMeta
		if err := meta.Unmarshal(buffer); err != nil {
			return garbled("decoding the metadata of the list: %w", err)
		}
		onMeta(meta)
	}
	return nil
}

// byteReader reads single bytes off a limited, buffered reader.
type byteReader struct{ *io.LimitedReader }

func (r *byteReader) ReadByte() (byte, error) {
	if r.N <= 0 {
		return 0, io.EOF
	}
	r.N--
	return r.R.(io.ByteReader).ReadByte()
}

func readTag(r io.ByteReader) (field uint64, wire int, err error) {
	tag, err := binary.ReadUvarint(r)
	return tag >> 3, int(tag & 7), err
}

type byteScanner interface {
	io.Reader
	io.ByteReader
}

func skipField(r byteScanner, wire int) error {
	var size uint64
	switch wire {
	case wireVarint:
		_, err := binary.ReadUvarint(r)
		return err
	case wireFixed64:
		size = 8
	case wireFixed32:
		size = 4
	case wireBytes:
		n, err := binary.ReadUvarint(r)
		if err != nil {
			return err
		}
		size = n
	default:
		return errors.New("no such wire type in protobuf")
	}
	_, err := io.CopyN(io.Discard, r, int64(min(size, 1<<40)))
	return err
}
