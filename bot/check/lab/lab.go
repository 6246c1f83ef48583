// Package lab breaks servers on loopback in all the ways in which APIs break:
// real listeners, certificates and name servers, for tests. It is no part of
// the program.
package lab

import (
	"io"
	"log"
	"testing"
)

// A Fault is a server with something wrong, or one with nothing wrong, and what
// a check has to say about it.
type Fault struct {
	Name   string
	URL    string // on loopback: its target must allow private addresses
	CAFile string // that its target is configured with

	Check  string // the row that tells
	Status string // of that row: "ok", "warn", "fail" or "skip"
	Cause  string // of that row
	Says   string // part of its detail
}

// A Lab is a set of faults, and the name server that knows their hosts.
type Lab struct {
	// Nameserver is the host:port of the name server. URLs whose host ends in
	// "lab.test" need it.
	Nameserver string
	CAFile     string // the lab's own authority
	Faults     []Fault

	t    testing.TB
	ca   *authority
	done chan struct{} // closed when the servers should let go
	log  *log.Logger   // of the servers, which complain about what they are for
}

// Start starts every fault. They end with the test.
func Start(t testing.TB) *Lab {
	t.Helper()
	l := &Lab{t: t, ca: newAuthority(t, "Lab Root CA"), done: make(chan struct{}), log: log.New(io.Discard, "", 0)}
	l.CAFile = l.ca.file
	l.Nameserver = startNameserver(t)
	l.addNetwork()
	l.addNames()
	l.addCertificates()
	l.addAnswers()
	l.addBodies()
	l.addRefusals()
	l.addRedirects()
	t.Cleanup(func() { close(l.done) }) // last in, first out: before the servers close
	return l
}

// Fault returns the fault of that name, which must be one of the lab's.
func (l *Lab) Fault(name string) Fault {
	l.t.Helper()
	for _, f := range l.Faults {
		if f.Name == name {
			return f
		}
	}
	l.t.Fatalf("the lab has no fault %q", name)
	return Fault{}
}

func (l *Lab) add(f Fault) { l.Faults = append(l.Faults, f) }
