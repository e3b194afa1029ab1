package main

import (
	"github.com/attache-bot/attache/config"
	"github.com/attache-bot/attache/internal/app"
	"github.com/attache-bot/attache/internal/logging"
)

type runCmd struct{}

// Help implements [kong.HelpProvider].
func (runCmd) Help() string {
	return `Polls the feeds, posts alerts to Discord and answers commands there, until it gets SIGINT (Ctrl+C) or SIGTERM; what is under way is then finished and recorded, and a second signal ends it at once. At SIGHUP it takes the log level from the configuration anew. It needs the bot's token in ATTACHE_TOKEN or in the file that discord.token_file names, and prints the link that invites the bot to a server.

Examples:

    ATTACHE_TOKEN=… attache run

    attache run --config /etc/attache/attache.yaml

    attache run --set discord.token_file=token --set store.path=news.db`
}

// Run runs the bot.
func (runCmd) Run(s *session) error {
	cfg, log, err := s.begin()
	if err != nil {
		return err
	}
	ctx, stop := untilSignal()
	defer stop()
	defer s.rereadLevel(ctx, log)()
	return app.Run(ctx, app.RunOptions{Config: cfg, Logger: log, Levels: s.levels, Out: s.stdout})
}

type demoCmd struct {
	Address string  `placeholder:"HOST:PORT" help:"Address of the page, on this machine; else 127.0.0.1:8700, or a free port when that is taken."`
	Speed   float64 `default:"1" help:"How many times as fast the story unfolds."`
	Listen  string  `placeholder:"HOST:PORT" help:"Where operators can ask the bot, as its setting listen says; else nowhere."`
}

// Help implements [kong.HelpProvider].
func (demoCmd) Help() string {
	return `Starts a Discord of its own on this machine and a few sample outlets, and the real bot between them. Open the page that it names: alerts arrive there, slash commands can be typed and buttons pressed. It needs no token, no network and no configuration, and leaves nothing behind.

Examples:

    attache demo

    attache demo --speed 4 --address 127.0.0.1:9000`
}

// Run runs the demo. Of the settings it takes only those of the log: a
// configuration is for the real bot.
func (c demoCmd) Run(s *session) error {
	quiet := config.Flag{Name: "default", Key: "log.level", Value: "warn"}
	loaded, err := config.Load(config.Sources{Flags: append([]config.Flag{quiet}, s.flags.settings()...)})
	if err != nil {
		return err
	}
	ctx, stop := untilSignal()
	defer stop()
	levels := logging.New(loaded.Config.Log.Level)
	return app.RunDemo(ctx, app.DemoOptions{
		Address: c.Address, Speed: c.Speed, Listen: c.Listen, Levels: levels,
	}, newLogger(s.stderr, loaded.Config.Log.Format, levels), s.stdout)
}
