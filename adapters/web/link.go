package web

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"

	"apihelp/bot"
)

// A Shelf keeps what links stand for. Package sessions has one.
type Shelf interface {
	// Get returns the value of key, or nil if there is none.
	Get(ctx context.Context, key string) ([]byte, error)

	// Put keeps value for ttl.
	Put(ctx context.Context, key string, value []byte, ttl time.Duration) error

	// Lock calls do while nobody else, in any process, is in a Lock of the
	// same key. It returns an error if do may not have been alone.
	Lock(ctx context.Context, key string, do func(ctx context.Context) error) error
}

const (
	// linkTime is how long a link may be opened.
	linkTime = 10 * time.Minute

	// usedTime is how long a used link is told from one that never was.
	usedTime = time.Hour

	// shelfWait bounds what a request waits for the shelf.
	shelfWait = 2 * time.Second

	// tokenSize is that of a token in bytes, before its encoding.
	tokenSize = 32
)

// tokens is how tokens are written. Strict, so that a token has one spelling.
var tokens = base64.RawURLEncoding.Strict()

// usedUp is what is kept of a link that was used.
const usedUp = "used"

// bound is what a link stands for.
type bound struct {
	In     bot.Conversation `json:"in"`
	From   bot.User         `json:"from"`
	Lang   string           `json:"lang,omitempty"`
	Direct bool             `json:"direct,omitempty"`
}

// message is what the report on the checks answers.
func (b bound) message() bot.Message {
	return bot.Message{In: b.In, From: b.From, Lang: b.Lang, Direct: b.Direct}
}

// Link returns the address of a page on which the writer of m can have a key
// checked. It can be opened for ten minutes and used once. It fails only if
// the shelf does.
func (p *Page) Link(ctx context.Context, m bot.Message) (string, error) {
	secret := make([]byte, tokenSize)
	rand.Read(secret) // never fails
	token := tokens.EncodeToString(secret)
	value, err := json.Marshal(bound{In: m.In, From: m.From, Lang: m.Lang, Direct: m.Direct})
	if err != nil {
		return "", fmt.Errorf("web: encode link: %w", err)
	}
	name, _ := shelfName(token)
	if err := p.Shelf.Put(ctx, name, value, linkTime); err != nil {
		return "", fmt.Errorf("web: keep link: %w", err)
	}
	return p.PublicURL + Path + token, nil
}

// shelfName returns the name under which a token's link is kept, and whether it
// can be a token at all. Who reads the shelf cannot open a link.
func shelfName(token string) (string, bool) {
	if len(token) != tokens.EncodedLen(tokenSize) {
		return "", false
	}
	secret, err := tokens.DecodeString(token)
	if err != nil || len(secret) != tokenSize {
		return "", false
	}
	sum := sha256.Sum256(secret)
	return tokens.EncodeToString(sum[:]), true
}

// look returns what a link stands for. The error is unknownLink, usedLink or
// one of the shelf.
func (p *Page) look(ctx context.Context, name string) (bound, error) {
	ctx, cancel := context.WithTimeout(ctx, shelfWait)
	defer cancel()
	value, err := p.Shelf.Get(ctx, name)
	switch {
	case err != nil:
		return bound{}, fmt.Errorf("web: look up link: %w", err)
	case value == nil:
		return bound{}, unknownLink
	case string(value) == usedUp:
		return bound{}, usedLink
	}
	var b bound
	if err := json.Unmarshal(value, &b); err != nil {
		return bound{}, fmt.Errorf("web: decode link: %w", err)
	}
	return b, nil
}

// use uses a link up. If it returns nil, nobody else used it or will.
func (p *Page) use(ctx context.Context, name string) error {
	// A browser that leaves at this moment must not leave the link half used.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), shelfWait)
	defer cancel()
	return p.Shelf.Lock(ctx, name, func(ctx context.Context) error {
		if _, err := p.look(ctx, name); err != nil {
			return err
		}
		if err := p.Shelf.Put(ctx, name, []byte(usedUp), usedTime); err != nil {
			return fmt.Errorf("web: use link up: %w", err)
		}
		return nil
	})
}
