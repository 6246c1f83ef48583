package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// lineError is what a line that cannot be used gives.
type lineError struct {
	Line  int    `json:"line"` // counted from 1
	Error string `json:"error"`
}

// eachLine gives every line of standard input to handle and writes what it
// returns, a line each and in the same order. A line that handle refuses gives
// a [lineError], the others go on, and in the end the command has failed.
// Blank lines give nothing.
func eachLine(std stdio, handle func(line []byte) (any, error)) error {
	in, out := bufio.NewReaderSize(std.in, 64<<10), json.NewEncoder(std.out)
	out.SetEscapeHTML(false)
	refused := 0
	for n := 1; ; n++ {
		line, readErr := in.ReadBytes('\n')
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
