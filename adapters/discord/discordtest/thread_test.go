package discordtest_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"apihelp/adapters/discord/discordtest"
)

func TestAThreadFromAMessage(t *testing.T) {
	x := newStage(t, discordtest.Options{})
	m := x.u.Say(x.ch, "@apihelp help")
	path := "/channels/" + x.ch.ID + "/messages/" + m.ID + "/threads"
	want(t, x.s, 400, 50035, "POST", path, object{"name": text(101)})
	if got := want(t, x.s, 201, 0, "POST", path, object{"name": "503", "auto_archive_duration": 1440}); got["id"] != m.ID || got["type"] != 11.0 {
		t.Errorf("got %v", got)
	}
	want(t, x.s, 400, 160004, "POST", path, object{"name": "again"})
	if got := x.c.event("THREAD_CREATE").data(); got["newly_created"] != true || got["parent_id"] != x.ch.ID {
		t.Errorf("got %v", got)
	}
	x.c.next("the starter's shadow", func(f frame) bool { return f.T == "MESSAGE_CREATE" && f.data()["type"] == 21.0 })
	th := m.Thread()
	want(t, x.s, 200, 0, "POST", "/channels/"+th.ID+"/messages", object{"content": "in it"})
	x.u.SayIn(th, "thanks")
	if got := th.Messages(); len(got) != 2 || got[0].Content != "in it" || got[1].Author != x.u.ID {
		t.Errorf("got %v", got)
	}
	if list := x.ch.Threads(); len(list) != 1 || list[0].Title != "503" || list[0].Owner != x.s.AppID() {
		t.Errorf("got %v", list)
	}
	x.ch.Deny("SEND_MESSAGES_IN_THREADS")
	want(t, x.s, 403, 50013, "POST", "/channels/"+th.ID+"/messages", object{"content": "x"})
}

func TestThreadsWithoutAMessageArePrivateUnlessAsked(t *testing.T) {
	x := newStage(t, discordtest.Options{})
	path := "/channels/" + x.ch.ID + "/threads"
	if got := want(t, x.s, 201, 0, "POST", path, object{"name": "a"}); got["type"] != 12.0 {
		t.Errorf("got type %v, want 12", got["type"])
	}
	if got := want(t, x.s, 201, 0, "POST", path, object{"name": "b", "type": 11}); got["type"] != 11.0 {
		t.Errorf("got type %v, want 11", got["type"])
	}
}

func TestAForumPostIsTaggedAndArchived(t *testing.T) {
	x := newStage(t, discordtest.Options{})
	forum := x.g.Forum("questions")
	solved := forum.Tag("Solved")
	post := x.u.Post(forum, "503 all day", "help @apihelp", "Question")
	created := x.c.event("THREAD_CREATE")
	starter := x.c.event("MESSAGE_CREATE")
	if starter.S < created.S || starter.data()["id"] != post.ID || starter.data()["channel_id"] != post.ID {
		t.Errorf("got %v then %v", created, starter)
	}
	want(t, x.s, 400, 50008, "POST", "/channels/"+forum.ID+"/messages", object{"content": "x"})
	want(t, x.s, 200, 0, "POST", "/channels/"+post.ID+"/messages", object{"content": "Solved?", "components": button(nil)})
	answer := post.Messages()[1]
	tags := append([]string{forum.Tag("Question")}, solved)
	want(t, x.s, 400, 50035, "PATCH", "/channels/"+post.ID, object{"applied_tags": []string{"1"}})
	want(t, x.s, 200, 0, "PATCH", "/channels/"+post.ID, object{"applied_tags": tags, "archived": true})
	now := post.Now()
	if diff := cmp.Diff([]string{"Question", "Solved"}, now.Tags); diff != "" || !now.Archived {
		t.Errorf("got archived %v, %s", now.Archived, diff)
	}
	x.c.event("THREAD_UPDATE")
	want(t, x.s, 400, 50083, "PATCH", "/channels/"+post.ID+"/messages/"+answer.ID, object{"content": "x"})
	if err := x.u.Press(answer, "Go").Err(); !errors.Is(err, discordtest.ErrArchived) {
		t.Errorf("got %v, want %v", err, discordtest.ErrArchived)
	}
	x.u.SayIn(post, "still broken")
	if post.Now().Archived {
		t.Error("the post is still archived")
	}
	forum.Deny("MANAGE_THREADS")
	want(t, x.s, 403, 50013, "PATCH", "/channels/"+post.ID, object{"archived": true})
	post.SetLocked(true)
	post.SetArchived(true)
	want(t, x.s, 400, 50083, "POST", "/channels/"+post.ID+"/messages", object{"content": "x"})
	forum.RequireTag()
	want(t, x.s, 400, 40067, "POST", "/channels/"+forum.ID+"/threads", object{"name": "x", "message": object{"content": "x"}})
	want(t, x.s, 201, 0, "POST", "/channels/"+forum.ID+"/threads", object{"name": "x", "applied_tags": []string{solved}, "message": object{"content": "x"}})
}

func TestAForumPostTakesNoMessageBeforeItsStarter(t *testing.T) {
	x := newStage(t, discordtest.Options{})
	post := x.u.PostSlowly(x.g.Forum("questions"), "503")
	want(t, x.s, 403, 40058, "POST", "/channels/"+post.ID+"/messages", object{"content": "x"})
	x.u.FinishPost(post, "all day")
	want(t, x.s, 200, 0, "POST", "/channels/"+post.ID+"/messages", object{"content": "x"})
}

func TestCommandsAreRegistered(t *testing.T) {
	x := newStage(t, discordtest.Options{})
	path := "/applications/" + x.s.AppID() + "/commands"
	slash := object{"name": "apihelp", "description": "Ask", "options": []object{{"type": 3, "name": "question", "description": "What", "required": true}, {"type": 5, "name": "public", "description": "For all"}}}
	list := []object{slash, {"name": "Troubleshoot this message", "type": 3}}
	if status, _ := call(t, x.s, "PUT", path, list); status != 200 {
		t.Fatalf("got %d", status)
	}
	id := x.s.Commands(nil)[0]
	if status, _ := call(t, x.s, "PUT", path, list); status != 200 || len(x.s.Commands(nil)) != 2 {
		t.Errorf("got %d", status)
	}
	if a, b := string(id), string(x.s.Commands(nil)[0]); a == b {
		t.Error("the version stayed")
	}
	for name, bad := range map[string]object{
		"upper case":     {"name": "Help", "description": "x"},
		"space":          {"name": "a b", "description": "x"},
		"no description": {"name": "a"},
		"long":           {"name": "a", "description": text(101)},
		"menu":           {"name": "a", "type": 3, "description": "x"},
		"order": {"name": "a", "description": "x", "options": []object{
			{"type": 3, "name": "b", "description": "x"}, {"type": 3, "name": "c", "description": "x", "required": true}}},
	} {
		t.Run(name, func(t *testing.T) {
			want(t, x.s, 400, 50035, "POST", path, bad)
		})
	}
	if err := x.u.Command(x.ch, "nothing", nil).Err(); !errors.Is(err, discordtest.ErrNoSuch) {
		t.Errorf("got %v", err)
	}
	if err := x.u.Command(x.ch, "apihelp", nil).Err(); !errors.Is(err, discordtest.ErrNoSuch) {
		t.Errorf("without a required option: got %v", err)
	}
	x.u.Command(x.ch, "apihelp", map[string]string{"question": "why", "public": "true"})
	options := x.c.event("INTERACTION_CREATE").data()["data"].(object)["options"].([]any)
	if got := options[1].(object)["value"]; got != true {
		t.Errorf("got %v, want true", got)
	}
	guild := "/applications/" + x.s.AppID() + "/guilds/" + x.g.ID + "/commands"
	made := want(t, x.s, 201, 0, "POST", guild, object{"name": "local", "description": "x"})
	want(t, x.s, 200, 0, "POST", guild, object{"name": "local", "description": "y"})
	want(t, x.s, 200, 0, "PATCH", guild+"/"+made["id"].(string), object{"description": "z"})
	want(t, x.s, 200, 0, "GET", guild+"/"+made["id"].(string), nil)
	want(t, x.s, 204, 0, "DELETE", guild+"/"+made["id"].(string), nil)
	want(t, x.s, 404, 10063, "GET", guild+"/"+made["id"].(string), nil)
	if status, out := call(t, x.s, "GET", guild, nil); status != 200 || string(out) != "[]\n" {
		t.Errorf("got %d %s", status, out)
	}
	want(t, x.s, 403, 50001, "POST", "/applications/1/commands", slash)
}
