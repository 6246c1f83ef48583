package check

import "regexp"

// A Target is an environment of the API that may be checked. Only what the
// operator configured is one: nothing that a user writes makes or changes a
// target.
type Target struct {
	Name         string            // such as "production"; unique
	URL          string            // of a harmless endpoint that wants the key
	Method       string            // GET or HEAD
	Header       map[string]string // "{key}" in a value stands for the key
	Expect       []int             // statuses that are well with a key
	KeyPattern   *regexp.Regexp    // what keys of this environment look like; nil if not told
	CAFile       string            // PEM file of further authorities; empty for the system's
	AllowPrivate bool              // its host and port may be an internal address
	Audience     string            // that its tokens must have; empty for any
}
