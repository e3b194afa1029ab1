package storetest

import (
	"testing"

	"github.com/attache-bot/attache/internal/store"
)

func testLedgerModel(t *testing.T, open func(t *testing.T) *store.Store) {}
