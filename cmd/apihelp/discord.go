package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"apihelp/adapters/discord"
	"apihelp/knowledge"
)

// newDiscord makes the adapter, or returns nil if Discord is not configured.
func (p *program) newDiscord(c Config) (*discord.Adapter, error) {
	if c.DiscordBotToken == "" && c.DiscordPublicKey == "" {
		return nil, nil
	}
	o := discord.Options{
		Token: c.DiscordBotToken, PublicKey: c.DiscordPublicKey, APIURL: c.DiscordAPIURL, Forums: c.DiscordForums,
		Shelf: p.store.Shelf(discord.Name), Kept: time.Duration(c.SessionTTL), Log: p.log,
		Topics: func() []string { return titles(p.guide.Guide()) },
		Forget: func(ctx context.Context, guild, user string) error {
			return p.bot.Load().Forget(ctx, discord.Name, guild, user)
		},
		Purge: func(ctx context.Context, guild string) error { return p.bot.Load().Purge(ctx, discord.Name, guild) },
	}
	if p.takesKeys() {
		o.Check, o.Report, o.Targets, o.KeyPage = p.runChecks, p.reportChecks, p.live.Targets, p.live.Link != nil
		o.KeyForms = c.DiscordKeyForms
	}
	return discord.New(o)
}

// titles are what the guide can be asked about, topics before codes.
func titles(g *knowledge.Guide) []string {
	var topics, codes []string
	for _, e := range g.Entries {
		if e.Kind == knowledge.Topic {
			topics = append(topics, e.Title)
		} else {
			codes = append(codes, strings.TrimSuffix(e.Title+": "+e.Meaning.String(), ": "))
		}
	}
	return append(topics, codes...)
}

func discordCommand(std stdio) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "discord",
		Short: "Set Discord up",
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		discordSubcommand("register", "Make the application's commands those that the bot answers", std, registerDiscord),
		discordSubcommand("invite", "Print the address at which a server's owner adds the bot", std, inviteDiscord),
	)
	return cmd
}

// discordSubcommand needs the bot's token.
func discordSubcommand(use, short string, std stdio, do func(context.Context, stdio, Config) error) *cobra.Command {
	return &cobra.Command{
		Use:   use,
		Short: short,
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := loadConfig()
			if err != nil {
				return err
			}
			if c.DiscordBotToken == "" {
				return usagef("DISCORD_BOT_TOKEN is not set; copy the bot's token from the Developer Portal")
			}
			return do(cmd.Context(), std, c)
		},
	}
}

func registerDiscord(ctx context.Context, std stdio, c Config) error {
	changed, err := discord.Register(ctx, c.DiscordBotToken, c.DiscordAPIURL)
	if err != nil {
		return err
	}
	if changed {
		fmt.Fprintln(std.out, "the commands are registered")
	} else {
		fmt.Fprintln(std.out, "the commands are as they should be")
	}
	return nil
}

func inviteDiscord(ctx context.Context, std stdio, c Config) error {
	link, err := discord.Invite(ctx, c.DiscordBotToken, c.DiscordAPIURL, len(c.DiscordForums) > 0)
	if err != nil {
		return err
	}
	fmt.Fprintln(std.out, link)
	return nil
}
