// Package credential is everything that apihelp knows about credentials as
// text. [Redactor] takes them out of what people write, before anything keeps
// it. [Read] says what is wrong with one that somebody hands in, before any
// network is asked.
//
// # Where the rules are from
//
// The rules of gitleaks v8.30.1 were weighed first. As a Go package they are
// too heavy: 172 further packages, text/template and html/template among them
// (which switch off the linker's removal of unused methods), 8.9 MB of program
// by themselves, 43 ms and as many compiled patterns at start. They also look
// for another thing: complete keys in source code. A key that was cut off,
// broken over two lines or written in words is none of theirs, and half of
// their rules need a vendor's name beside the key. So their prefixes were taken
// as a table (prefixes.tsv, with their notice), and the forms in which people
// paste credentials into a chat were written here. TruffleHog's detectors are
// under the AGPL and verify over the network.
//
// The table and the patterns add 0.2 MB to the program. An ordinary message of
// 100 characters takes 5 to 12 µs, one with a key 14 µs (BenchmarkRedact, one
// core of 2); 5 of the 22,874 messages that the matcher was trained on are
// redacted, each for what has the form of a key.
//
// # Where to read
//
// A text is read up to twice (view.go): as a reader sees it, and with its
// escapes undone. Each reading goes through the table of prefixes (prefix.go),
// the forms (form.go, header.go, assign.go, block.go), and at last a look for
// long runs that were drawn rather than written (opaque.go). What stands where
// a credential is expected is judged in value.go: secret, masked, placeholder
// or just a word.
package credential
