package check

// A Secret is a key that somebody has handed in for one run. It cannot be
// printed, formatted, encoded or logged by accident. The zero value is no key.
type Secret struct{ value *string }
