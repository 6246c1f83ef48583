package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// lineError is what a line that cannot be used gives.
type lineError struct {
	Line  int    `json:"line"` // counted from 1
	Error string `json:"error"`
}

// badLine says why a line cannot be decoded.
func badLine(err error, example string) error {
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && wrong.Field != "" {
		return fmt.Errorf("%q cannot be a %s; %s", wrong.Field, wrong.Value, example)
	}
	if wrong, ok := errors.AsType[*time.ParseError](err); ok {
		return fmt.Errorf("%s is no time; write it as 2026-11-22T10:00:00Z", wrong.Value)
	}
	return errors.New("not a JSON object; " + example)
}

// eachLine gives every line of standard input to handle and writes what it
// returns, a line each and in the same order. A line that handle refuses gives
// a [lineError], the others go on, and in the end the command has failed.
// Blank lines give nothing.
func eachLine(ctx context.Context, std stdio, handle func(line []byte) (any, error)) error {
	in, out := bufio.NewReaderSize(untilDone(ctx, std.in), 64<<10), json.NewEncoder(std.out)
	out.SetEscapeHTML(false)
	refused := 0
	for n := 1; ; n++ {
		line, readErr := in.ReadBytes('\n')
		if n == 1 {
			line = bytes.TrimPrefix(line, []byte("\ufeff")) // as editors on Windows begin a file
		}
		if len(bytes.TrimSpace(line)) > 0 {
			result, err := handle(line)
			if err != nil {
				refused++
				result = lineError{Line: n, Error: err.Error()}
			}
			if err := out.Encode(result); err != nil {
				return fmt.Errorf("write the answer to line %d: %w", n, err)
			}
		}
		if errors.Is(readErr, io.EOF) {
			break
		}
		if readErr != nil {
			return fmt.Errorf("read line %d: %w", n, readErr)
		}
	}
	if refused > 0 {
		fmt.Fprintf(std.err, "apihelp: %d of the lines could not be used; each has an error object in the output\n", refused)
		return errReported
	}
	return nil
}
