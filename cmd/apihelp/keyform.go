package main

import (
	"context"

	"apihelp/bot"
)

// takesKeys reports whether there is anything that a key could be checked
// against.
func (p *program) takesKeys() bool { return p.live != nil && len(p.live.Targets) > 0 }

// runChecks and reportChecks are the bot's, which is made after the adapters.
func (p *program) runChecks(ctx context.Context, q bot.CheckRequest) (bot.Checked, error) {
	return p.bot.Load().Check(ctx, q)
}

func (p *program) reportChecks(ctx context.Context, asked bot.Message, c bot.Checked) error {
	return p.bot.Load().Report(ctx, asked, c)
}
