package check

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// A body is kept so far as the checks look at it, and read on a little to see
// that it ends: an endless one is a finding, one of 100 KiB is none. Both bounds
// hold for the bytes on the wire and for what they unpack to.
const (
	maxKept = 64 << 10
	maxRead = 1 << 20
)

// readBody reads the beginning of a body, whatever is wrong with the rest.
func readBody(resp *http.Response) ([]byte, *finding) {
	wire := &counter{Reader: io.LimitReader(resp.Body, maxRead+1)}
	unpacked := io.Reader(wire)
	var err error
	if resp.Header.Get("Content-Encoding") == "gzip" {
		unpacked, err = gzip.NewReader(wire)
		if errors.Is(err, io.EOF) && wire.n == 0 {
			return nil, nil // the answer to HEAD, or an empty one
		}
	}
	var kept bytes.Buffer
	var rest int64
	if err == nil {
		_, err = io.Copy(&kept, io.LimitReader(unpacked, maxKept))
	}
	if err == nil {
		rest, err = io.Copy(io.Discard, io.LimitReader(unpacked, maxRead+1-int64(kept.Len())))
	}
	read := int64(kept.Len()) + rest
	if wire.n > maxRead || read > maxRead {
		return kept.Bytes(), tooLong(resp.ContentLength, wire.n, read)
	}
	return kept.Bytes(), explainBody(err)
}

// tooLong says that a body goes on behind maxRead.
func tooLong(announced, wire, read int64) *finding {
	f := &finding{cause: "perf.slow", hint: "pagination large data sets"}
	switch {
	case announced > maxRead:
		f.detail = fmt.Sprintf("the answer is %s long, too much for a check", size(announced))
	case read > 20*wire:
		f.detail = fmt.Sprintf("the answer unpacks from %s to more than %s", size(wire), size(maxRead))
	default:
		f.detail = fmt.Sprintf("the answer does not end: %s read and more to come", size(maxRead))
	}
	return f
}

// explainBody says why a body broke off, if it did.
func explainBody(err error) *finding {
	_, corrupt := errors.AsType[flate.CorruptInputError](err)
	switch {
	case err == nil:
		return nil
	case timedOut(err):
		return &finding{"perf.slow", "pagination compression caching", "the answer begins in time but does not end in time"}
	case corrupt, errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum):
		return &finding{"srv.error", "response compression gzip", "the answer claims to be gzip, but does not unpack"}
	default:
		return &finding{"net.reset", "retry with backoff", "the connection is cut in the middle of the answer"}
	}
}

// A counter counts what is read.
type counter struct {
	io.Reader
	n int64
}

func (c *counter) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	c.n += int64(n)
	return n, err
}
