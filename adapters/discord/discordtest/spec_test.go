package discordtest_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"apihelp/adapters/discord/discordtest"
)

const small = `{"openapi":"3.1.0","paths":{
"/webhooks/{id}/{token}/messages/{message}":{"patch":{"requestBody":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Edit"}}}},"responses":{"204":{}}}},
"/webhooks/{id}/{token}/messages/@original":{"patch":{"requestBody":{"content":{"application/json":{"schema":{"type":"object","required":["only_original"]}}}},
 "responses":{"200":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Edit"}}}},"4XX":{"$ref":"#/components/responses/Error"}}}}},
"components":{"schemas":{"Edit":{"type":"object","properties":{"content":{"type":["string","null"],"maxLength":3}}}},
"responses":{"Error":{"content":{"application/json":{"schema":{"type":"object","required":["code"]}}}}}}}`

func TestAValidatorFollowsItsDescription(t *testing.T) {
	path := filepath.Join(t.TempDir(), "small.json")
	if err := os.WriteFile(path, []byte(small), 0o600); err != nil {
		t.Fatal(err)
	}
	v, err := discordtest.Spec(path)
	if err != nil {
		t.Fatal(err)
	}
	const any, original = "/webhooks/{}/{}/messages/7", "/webhooks/{}/{}/messages/@original"
	for name, tc := range map[string]struct {
		err  error
		want string
	}{
		"good request":          {v.Request("PATCH", any, []byte(`{"content":"abc"}`)), ""},
		"bad request":           {v.Request("PATCH", any, []byte(`{"content":"abcd"}`)), "maxLength"},
		"the more literal path": {v.Request("PATCH", original, []byte(`{}`)), "only_original"},
		"unknown route":         {v.Request("POST", any, nil), "no such route"},
		"not JSON":              {v.Request("PATCH", any, []byte(`{`)), "not JSON"},
		"good response":         {v.Response("PATCH", original, 200, []byte(`{}`)), ""},
		"bad response":          {v.Response("PATCH", original, 200, []byte(`[]`)), "want object"},
		"bad error":             {v.Response("PATCH", original, 404, []byte(`{}`)), "code"},
		"empty response":        {v.Response("PATCH", any, 204, nil), ""},
		"a body too many":       {v.Response("PATCH", any, 204, []byte(`{}`)), "without a body"},
		"unknown status":        {v.Response("PATCH", any, 200, nil), "never answers 200"},
	} {
		if tc.want == "" && tc.err != nil || tc.want != "" && (tc.err == nil || !strings.Contains(tc.err.Error(), tc.want)) {
			t.Errorf("%s: got %v, want %q", name, tc.err, tc.want)
		}
	}
	if err := v.Request("GET", "/x", nil); !errors.Is(err, discordtest.ErrRoute) {
		t.Errorf("got %v, want %v", err, discordtest.ErrRoute)
	}
}

func TestTheGatewayServesPlainJSONAlone(t *testing.T) {
	for query, want := range map[string]int{"v=10&encoding=etf": 4000, "v=10&encoding=json&compress=zlib-stream": 4000, "v=6&encoding=json": 4012} {
		s := start(t, discordtest.Options{})
		conn, _, err := websocket.DefaultDialer.Dial(gatewayURL(s)+"/?"+query, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = conn.ReadMessage()
		_ = conn.Close()
		if closing, ok := errors.AsType[*websocket.CloseError](err); !ok || closing.Code != want {
			t.Errorf("%s: got %v, want %d", query, err, want)
		}
		if len(s.Problems()) != 1 {
			t.Errorf("%s: got problems %q", query, s.Problems())
		}
	}
}

func TestADirectMessageTakesCommands(t *testing.T) {
	x := newStage(t, discordtest.Options{})
	i := x.u.Command(x.u.Direct(), "apihelp", nil)
	d := x.c.event("INTERACTION_CREATE").data()
	if d["user"].(object)["id"] != x.u.ID || d["member"] != nil || d["context"] != 1.0 {
		t.Errorf("got %v", d)
	}
	want(t, x.s, 204, 0, "POST", callbackOf(d), object{"type": 4, "data": object{"content": "hello"}})
	if err := i.Err(); err != nil {
		t.Fatal(err)
	}
	if got := x.u.DMs(); len(got) != 1 || got[0].Content != "hello" {
		t.Errorf("got %v", got)
	}
	noProblems(t, x.s)
}
