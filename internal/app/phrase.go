package app

import (
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/attache-bot/attache/config"
	"github.com/attache-bot/attache/internal/feed/fetch"
	"github.com/attache-bot/attache/internal/phrase"
)

const (
	phraseEvery = 30 * time.Second
	// phraseTime is what a try takes beside the request.
	phraseTime = 30 * time.Second
)

// buildPhraser makes what has a language model put summaries, where the operator
// names one. Its requests go through a client of their own, which reaches this
// machine only if the address is here.
func (a *App) buildPhraser(claims phrase.Claims) error {
	c := a.o.Config.Phrase
	if c.Address == "" {
		return nil
	}
	o, err := phraseClient(a.o.Config)
	if err != nil {
		return err
	}
	o.Now, o.Logger = a.o.Now, a.o.Logger
	client, err := fetch.New(o)
	if err != nil {
		return err
	}
	a.onClose("language model", func() error { client.Close(); return nil })
	a.phrase, err = phrase.New(a.store, client, phrase.NewChecker(claims), phrase.Options{
		Server:    phrase.Server{Address: c.Address, Model: c.Model, Key: c.Key.Reveal()},
		PerMinute: c.PerMinute, Lease: c.Timeout + phraseTime, Every: phraseEvery, Now: a.o.Now, Logger: a.o.Logger,
		Settled: func(_ phrase.Wanted, s phrase.Settlement) {
			a.metrics.Phrased(s)
			if s.Text != "" {
				a.edit.Wake()
			}
		},
	})
	return err
}

// phraseClient says where requests to the language model may go.
func phraseClient(c config.Config) (fetch.Options, error) {
	u, err := url.Parse(c.Phrase.Address)
	if err != nil {
		return fetch.Options{}, fmt.Errorf("read the address of the language model: %w", err)
	}
	o := fetch.Options{
		UserAgent: c.Poll.UserAgent, Timeout: c.Phrase.Timeout, HeaderTimeout: c.Phrase.Timeout,
		MaxWire: phrase.MaxAnswer, MaxBody: phrase.MaxAnswer, AllowPrivate: slices.Clone(c.Network.AllowPrivate),
	}
	if port := u.Port(); port != "" {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil {
			return o, fmt.Errorf("read the port of the language model: %w", err)
		}
		o.AllowPorts = []uint16{uint16(n)}
	}
	if ip, err := netip.ParseAddr(u.Hostname()); u.Hostname() == "localhost" || err == nil && ip.IsLoopback() {
		o.AllowPrivate = append(o.AllowPrivate, netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128"))
	}
	return o, nil
}

// told says that alerts tell something else.
func (a *App) told() {
	if a.phrase != nil {
		a.phrase.Wake()
	}
}
