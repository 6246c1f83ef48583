package feature

// endings are cut from words, the first that fits; what is left has at
// least three letters. Pieces of words cover what so light a
// stemmer leaves, and it needs no memory.
var endings = [...]string{"ingly", "edly", "ing", "ies", "ied", "ed", "es", "ly", "s", "e", "y"}

// stemLen returns the length of the stem that the word begins with.
func stemLen(form []byte) int {
	const least = 3
	for _, e := range endings {
		n := len(form) - len(e)
		if n < least || string(form[n:]) != e || e == "s" && form[n-1] == 's' {
			continue
		}
		if n > least && form[n-1] == form[n-2] && len(e) > 1 {
			n-- // stopped, stopping
		}
		return n
	}
	return len(form)
}
