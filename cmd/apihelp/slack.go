package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"apihelp/adapters/slack"
	"apihelp/bot"
)

// slackSet reports whether any setting asks for Slack.
func (c *Config) slackSet() bool {
	return c.SlackBotToken != "" || c.SlackAppToken != "" || c.SlackSigningSecret != "" || c.SlackClientID != ""
}

// newSlack makes the adapter, or returns nil if Slack is not configured.
func (p *program) newSlack(c Config) (*slack.Adapter, error) {
	if !c.slackSet() {
		return nil, nil
	}
	o := slack.Options{
		BotToken: c.SlackBotToken, AppToken: c.SlackAppToken, SigningSecret: c.SlackSigningSecret,
		ClientID: c.SlackClientID, ClientSecret: c.SlackClientSecret, Keys: c.EncryptionKeys, Threads: c.SlackThreads,
		Shelf: p.store.Shelf(slack.Name), PublicURL: c.PublicURL, APIURL: c.SlackAPIURL, Log: p.log,
		Recent: func(ctx context.Context, team, user string) ([]bot.Past, error) {
			return p.bot.Load().Recent(ctx, slack.Name, team, user)
		},
		Forget: func(ctx context.Context, team, user string) error {
			return p.bot.Load().Forget(ctx, slack.Name, team, user)
		},
		Purge: func(ctx context.Context, team string) error { return p.bot.Load().Purge(ctx, slack.Name, team) },
	}
	if p.takesKeys() {
		o.Check, o.Report, o.Targets, o.KeyPage = p.runChecks, p.reportChecks, p.live.Targets, p.live.Link != nil
	}
	return slack.New(o)
}

func slackCommand(std stdio) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "slack",
		Short: "Set Slack up",
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(manifestCommand(std))
	return cmd
}

func manifestCommand(std stdio) *cobra.Command {
	var o slack.ManifestOptions
	cmd := &cobra.Command{
		Use:   "manifest",
		Short: "Print the app manifest that Slack creates the app from",
		Long: `Manifest prints the app manifest. Paste it at https://api.slack.com/apps under
"Create New App", "From a manifest". Without --http the app uses Socket Mode, which
needs no public address.`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			text, err := slack.Manifest(o)
			if err != nil {
				return &usageError{err}
			}
			if _, err := std.out.Write(text); err != nil {
				return fmt.Errorf("print the manifest: %w", err)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&o.PublicURL, "http", "", "use HTTP: the `URL` where Slack reaches this program, such as https://help.example.com")
	cmd.Flags().BoolVar(&o.Threads, "threads", false, "let people go on in the bot's threads without a mention; takes the scopes to read channels")
	return cmd
}
