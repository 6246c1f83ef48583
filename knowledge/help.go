package knowledge

// EntryFor returns the entry that helps with a kind of trouble, such as
// net.timeout, or with an HTTP status, such as http.503; nil if none does.
func (g *Guide) EntryFor(concept string) *Entry {
	i := g.index.entryFor(concept)
	if i < 0 {
		return nil
	}
	return g.Entries[i]
}
