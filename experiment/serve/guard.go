package serve

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strings"
)

// guard knows the tokens, by their digests: equal lengths are what makes a comparison take the same time always.
type guard [][sha256.Size]byte

func newGuard(tokens []string) guard {
	g := make(guard, len(tokens))
	for i, t := range tokens {
		g[i] = sha256.Sum256([]byte(t))
	}
	return g
}

// admits reports whether a request shows one of the tokens, where there are any. All are compared, so that the time says nothing
// about which.
func (g guard) admits(r *http.Request) bool {
	if len(g) == 0 {
		return true
	}
	shown := sha256.Sum256([]byte(shownToken(r)))
	matches := 0
	for i := range g {
		matches |= subtle.ConstantTimeCompare(shown[:], g[i][:])
	}
	return matches == 1
}

// shownToken finds the token where the protocol has it: as a bearer token, or as an API key.
func shownToken(r *http.Request) string {
	if scheme, token, ok := strings.Cut(r.Header.Get("Authorization"), " "); ok && strings.EqualFold(scheme, "Bearer") {
		return strings.TrimSpace(token)
	}
	return r.Header.Get("X-Api-Key")
}

// crossOrigin settles requests that scripts of web pages make. A browser names the page's origin; one that is not on the list gets
// nothing, or any page that somebody opens could ask, and log exposures, at a server that trusts its own machine. done means that
// the reply is all there is to say.
func (s *Server) crossOrigin(w http.ResponseWriter, r *http.Request) (done bool, p reply) {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return false, reply{}
	}
	h := w.Header()
	h.Add("Vary", "Origin")
	if !s.origins[origin] {
		return true, refuse("", &failure{http.StatusForbidden, general, "scripts of this page's origin may not ask here"})
	}
	h.Set("Access-Control-Allow-Origin", origin)
	h.Set("Access-Control-Expose-Headers", "ETag, Retry-After")
	if r.Method != http.MethodOptions {
		return false, reply{}
	}
	h.Set("Access-Control-Allow-Methods", "GET, POST")
	h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, If-None-Match, X-API-Key")
	h.Set("Access-Control-Max-Age", "7200")
	return true, reply{status: http.StatusNoContent}
}
