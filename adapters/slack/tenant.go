package slack

import (
	"time"

	slackgo "github.com/slack-go/slack"
)

// recall returns the tenant of a place from memory, or nil.
func (i *installations) recall(place string) *tenant {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.cached[place]
}

// remember makes inst the tenant of its place.
func (i *installations) remember(inst installation) *tenant {
	t := &tenant{installation: inst, client: i.newClient(inst.Token), read: i.now()}
	i.hold(inst.place(), t)
	return t
}

// hold puts a tenant into memory. When that is full another one has to go,
// whichever it is: it costs one read to have it back.
func (i *installations) hold(place string, t *tenant) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if _, known := i.cached[place]; !known && len(i.cached) >= clientLimit {
		for other := range i.cached {
			delete(i.cached, other)
			break
		}
	}
	i.cached[place] = t
}

func (i *installations) forget(place string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	delete(i.cached, place)
}

func (i *installations) newClient(token string) *slackgo.Client {
	options := []slackgo.Option{slackgo.OptionHTTPClient(i.HTTP), slackgo.OptionAPIURL(i.APIURL)}
	return slackgo.New(token, append(options, i.Client...)...)
}

// postponed returns t with the next look at the shelf and the next attempt to
// renew its token, which both work without for now, a little later.
func (i *installations) postponed(t *tenant, d time.Duration) *tenant {
	later := *t
	later.read, later.retry = i.now(), i.now().Add(d)
	i.hold(t.place(), &later)
	return &later
}
