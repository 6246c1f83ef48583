package main

import (
	"fmt"

	"apihelp/adapters/web"
	"apihelp/bot"
)

// newPage makes the page on which people have their keys checked, or returns
// nil if there is nothing to check or nowhere to reach it.
func (p *program) newPage(c Config) (*web.Page, error) {
	if len(c.CheckTargets) == 0 || c.PublicURL == "" {
		return nil, nil
	}
	page, err := web.New(web.Options{
		PublicURL: c.PublicURL, Shelf: p.store.Shelf(web.Name), Targets: p.live.Targets, Log: p.log,
		Check: p.runChecks, Report: p.reportChecks,
		Advice: func(f bot.Finding) string {
			e := p.guide.Guide().Entry(f.Topic)
			if e == nil {
				return ""
			}
			return bot.Advice(e, f.Step)
		},
	})
	if err != nil {
		return nil, fmt.Errorf("APIHELP_PUBLIC_URL cannot be used for the page on which keys are checked: %w", err)
	}
	return page, nil
}
