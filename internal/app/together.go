package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/attache-bot/attache/bot"
	"github.com/attache-bot/attache/internal/bell"
	"github.com/attache-bot/attache/internal/store"
)

// How long a process that ended without a word keeps its roles.
const (
	placerLease = 15 * time.Second
	shardLease  = 20 * time.Second
)

// identifyEvery is a little more than the five seconds between two identifies of
// a key (https://discord.com/developers/docs/events/gateway#rate-limiting).
const identifyEvery = 5100 * time.Millisecond

// processName is a name that no other process has, and by which people find the
// process.
func processName() string {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	return host + "-" + strconv.Itoa(os.Getpid()) + "-" + rand.Text()[:8]
}

// together does what only processes that share a database need.
func (a *App) together(ctx context.Context, g *errgroup.Group) {
	if a.store.Sole() {
		return
	}
	g.Go(func() error {
		a.store.KeepTime(ctx)
		return nil
	})
	g.Go(func() error {
		a.store.Listen(ctx, func(n store.News) {
			switch n {
			case store.NewsReports:
				a.placeNow.Ring()
			case store.NewsDeliveries:
				a.deliver.Wake()
				a.edit.Wake()
			}
		})
		return nil
	})
}

// placeAll places reports as polls bring them, and now and then in any case,
// while this process has the placer's role.
func (a *App) placeAll(ctx context.Context) error {
	defer a.leaveSeat(ctx)
	a.placeNow.Rounds(ctx, func() time.Duration {
		a.loops.place.Beat()
		if err := a.placeOnce(ctx); err != nil && ctx.Err() == nil {
			a.log.ErrorContext(ctx, "reports could not be placed; they are tried again", "error", err)
		}
		return placeEvery
	})
	return nil
}

func (a *App) placeOnce(ctx context.Context) error {
	held, taken, err := a.seat.Take(ctx)
	if err != nil || !held {
		return err
	}
	if taken {
		a.log.InfoContext(ctx, "this process places reports now")
		a.placer.Forget()
	}
	_, err = a.placer.Place(ctx)
	if errors.Is(err, store.ErrLostRole) {
		a.log.InfoContext(ctx, "another process places reports now")
		return nil
	}
	return err
}

// leaveSeat lets another process place at once.
func (a *App) leaveSeat(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closingTimeout)
	defer cancel()
	if err := a.seat.Leave(ctx); err != nil {
		a.log.WarnContext(ctx, "the placer's role could not be given back; another process has it when its lease ends", "error", err)
	}
}

// shards returns what shares the shards, nil where there is nobody to share
// them with.
func (a *App) shards() bot.Shards {
	if a.store.Sole() {
		return nil
	}
	return shards{store: a.store, process: a.process}
}

// shards shares the bot's shards over the database. It implements [bot.Shards].
type shards struct {
	store   *store.Store
	process string
}

// Agree implements [bot.Shards].
func (s shards) Agree(ctx context.Context, offered int) (int, error) {
	return s.store.AgreeShards(ctx, s.store.Now(), offered)
}

// Hold implements [bot.Shards].
func (s shards) Hold(ctx context.Context) ([]int, error) {
	return s.store.HoldShards(ctx, s.store.Now(), s.process, shardLease)
}

// Term implements [bot.Shards].
func (s shards) Term() time.Duration { return shardLease }

// Release implements [bot.Shards].
func (s shards) Release(ctx context.Context) error {
	return s.store.EndLeases(ctx, store.RoleShard, s.process)
}

// Wait implements [bot.Shards].
func (s shards) Wait(ctx context.Context, key int) error {
	turn, err := s.store.TakeTurn(ctx, s.store.Now(), fmt.Sprint("identify/", key), identifyEvery)
	if err != nil {
		return err
	}
	return bell.Sleep(ctx, turn.Sub(s.store.Now()))
}
