package blob

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"strings"
)

// Pack compresses a model for embedding.
func Pack(model []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, fmt.Errorf("blob: pack: %w", err)
	}
	if _, err := w.Write(model); err != nil {
		return nil, fmt.Errorf("blob: pack: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("blob: pack: %w", err)
	}
	return b.Bytes(), nil
}

// Unpack is the inverse of Pack.
func Unpack(packed string) (string, error) {
	r, err := gzip.NewReader(strings.NewReader(packed))
	if err != nil {
		return "", fmt.Errorf("blob: unpack: %w", err)
	}
	var b strings.Builder
	if _, err := io.Copy(&b, r); err != nil {
		return "", fmt.Errorf("blob: unpack: %w", err)
	}
	return b.String(), nil
}
