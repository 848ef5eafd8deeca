package serve

import "net/http"

// reply is what is answered to a request. A failure stands for its own status and body.
type reply struct {
	status int
	body   []byte
	tag    string       // ETag
	allow  string       // methods, of a 405
	other  http.Handler // answers instead
	failed *failure
	key    string // flag that the failure is about, empty for none
}

func refuse(key string, f *failure) reply {
	return reply{status: f.status, failed: f, key: key}
}

var (
	jsonType = []string{"application/json; charset=utf-8"}
	soon     = []string{"1"} // second
)

// write sends the reply. That a client has gone away is no trouble of ours.
func (p *reply) write(w http.ResponseWriter, r *http.Request) {
	if p.other != nil {
		p.other.ServeHTTP(&witness{w, &p.status}, r)
		return
	}
	h := w.Header()
	if p.failed != nil {
		p.body = appendFailure(p.body[:0], p.key, p.failed)
		p.failed.head(h)
	}
	if p.tag != "" {
		h["Etag"] = []string{p.tag}
	}
	if p.allow != "" {
		h["Allow"] = []string{p.allow}
	}
	if p.status != http.StatusNotModified && p.status != http.StatusNoContent {
		h["Content-Type"] = jsonType
	}
	w.WriteHeader(p.status)
	_, _ = w.Write(p.body)
}

// witness notes the status that somebody else answers with.
type witness struct {
	http.ResponseWriter
	status *int
}

func (w *witness) WriteHeader(status int) {
	*w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// head adds the headers that tell a client what to do next.
func (f *failure) head(h http.Header) {
	switch f.status {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		h["Retry-After"] = soon
	case http.StatusUnauthorized:
		h["Www-Authenticate"] = []string{`Bearer realm="liftgate"`}
	case http.StatusRequestEntityTooLarge, http.StatusRequestTimeout:
		h["Connection"] = []string{"close"}
	}
}
