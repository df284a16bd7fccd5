// Dex with the parts these tests need: people with passwords, one client, everything in memory. Its own program needs a version of its API
// that is not published as a module; the server itself is the same.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"sync"
	"time"

	"github.com/dexidp/dex/server"
	"github.com/dexidp/dex/server/connectors"
	"github.com/dexidp/dex/server/signer"
	"github.com/dexidp/dex/server/tokens"
	"github.com/dexidp/dex/storage"
	"github.com/dexidp/dex/storage/memory"
	"golang.org/x/crypto/bcrypt"
)

func main() {
	issuer := flag.String("issuer", "", "the issuer; it is listened at")
	redirect := flag.String("redirect", "", "the redirect URI of the client")
	secret := flag.String("secret", "", "the secret of the client")
	password := flag.String("password", "", "the password of everybody")
	flag.Parse()
	if err := run(*issuer, *redirect, *secret, *password); err != nil {
		log.Fatal(err)
	}
}

func run(issuer, redirect, secret, password string) error {
	ctx := context.Background()
	logger := slog.New(slog.NewTextHandler(os.Stderr, nil))
	store := &patient{Storage: memory.New(logger)}
	if err := fill(ctx, store, redirect, secret, password); err != nil {
		return err
	}
	keys, err := (&signer.LocalConfig{KeysRotationPeriod: "6h"}).Open(ctx, store, time.Hour, time.Now, logger)
	if err != nil {
		return err
	}
	dex, err := server.NewServer(ctx, server.Config{
		Issuer:             issuer,
		Storage:            store,
		SkipApprovalScreen: true,
		Logger:             logger,
		Signer:             keys,
		IDTokensValidFor:   time.Hour,
		RefreshTokenPolicy: tokens.NewRefreshStrategy(true, 0, 0, 0, time.Now),
	})
	if err != nil {
		return err
	}
	place, err := url.Parse(issuer)
	if err != nil {
		return err
	}
	routes := http.NewServeMux()
	routes.Handle("/", dex)
	// What an administrator would do by the API: the account is gone, or its refresh tokens are.
	routes.HandleFunc("DELETE /people/{email}", func(answer http.ResponseWriter, request *http.Request) {
		if err := store.DeletePassword(request.Context(), request.PathValue("email")); err != nil {
			http.Error(answer, err.Error(), http.StatusNotFound)
		}
	})
	routes.HandleFunc("DELETE /tokens/{email}", func(answer http.ResponseWriter, request *http.Request) {
		if err := revoke(request.Context(), store, request.PathValue("email")); err != nil {
			http.Error(answer, err.Error(), http.StatusInternalServerError)
		}
	})
	fmt.Println("Dex listens at", place.Host)
	return http.ListenAndServe(place.Host, routes)
}

// patient looks at a refresh token before it changes it: Dex asks the storage for more in between, and its memory would wait for itself.
type patient struct {
	storage.Storage
	changing sync.Mutex
}

func (p *patient) UpdateRefreshToken(ctx context.Context, id string, change func(storage.RefreshToken) (storage.RefreshToken, error)) error {
	p.changing.Lock()
	defer p.changing.Unlock()
	old, err := p.GetRefresh(ctx, id)
	if err != nil {
		return err
	}
	changed, err := change(old)
	if err != nil {
		return err
	}
	return p.Storage.UpdateRefreshToken(ctx, id, func(storage.RefreshToken) (storage.RefreshToken, error) {
		return changed, nil
	})
}

func revoke(ctx context.Context, store storage.Storage, email string) error {
	kept, err := store.ListRefreshTokens(ctx)
	if err != nil {
		return err
	}
	for _, token := range kept {
		if token.Claims.Email != email {
			continue
		}
		if err := store.DeleteRefresh(ctx, token.ID); err != nil {
			return err
		}
	}
	return nil
}

func fill(ctx context.Context, store storage.Storage, redirect, secret, password string) error {
	hash, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.DefaultCost)
	if err != nil {
		return err
	}
	local := storage.Connector{ID: connectors.LocalConnector, Type: connectors.LocalConnector, Name: "Email"}
	if err := store.CreateConnector(ctx, local); err != nil {
		return err
	}
	unverified := false
	people := []storage.Password{
		{Email: "alice@acme.example", Username: "alice", Name: "Alice Example", UserID: "u-1", Groups: []string{"analysts", "staff"}},
		{Email: "bob@acme.example", Username: "bob", Name: "Bob Example", UserID: "u-2", EmailVerified: &unverified},
	}
	for _, person := range people {
		person.Hash = hash
		if err := store.CreatePassword(ctx, person); err != nil {
			return err
		}
	}
	return store.CreateClient(ctx, storage.Client{
		ID:           "portcullis",
		Secret:       secret,
		RedirectURIs: []string{redirect},
		Name:         "Portcullis",
	})
}
