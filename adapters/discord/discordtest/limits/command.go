package limits

import (
	"regexp"
	"strconv"
	"strings"
)

// The most commands of one application, by type, and the most characters of
// the texts of one. Docs: developers/interactions/application-commands.
const (
	chatCommands    = 100
	contextCommands = 15
	commandText     = 8000
)

// commands is the list of all commands, or one of them.
func commands(c *checker, at string, v any) {
	a, ok := v.([]any)
	if !ok {
		command(c, at, v)
		return
	}
	count, seen := map[string]int{}, map[string]bool{}
	for i, v := range a {
		command(c, at+"/"+strconv.Itoa(i), v)
		kind := commandType(v)
		name, _ := member(v, "name").(string)
		if seen[kind+name] {
			c.fault(at+"/"+strconv.Itoa(i)+"/name", "%q is used twice", name)
		}
		seen[kind+name] = true
		count[kind]++
	}
	c.most(at, count["1"], chatCommands, "chat commands")
	c.most(at, count["2"], contextCommands, "user commands")
	c.most(at, count["3"], contextCommands, "message commands")
}

// commandType is the type of a command, which may be left out.
func commandType(v any) string {
	if n := number(v, "type"); n != "" {
		return n
	}
	return "1"
}

func command(c *checker, at string, v any) {
	all := fields{
		"id": snowflake, "application_id": snowflake, "guild_id": snowflake, "version": snowflake,
		"default_member_permissions": optional(permissions), "nsfw": boolean,
		"contexts": optional(list(1, 3, choiceOf("0", "1", "2"))), "integration_types": optional(list(1, 2, choiceOf("0", "1"))),
	}
	switch commandType(v) {
	case "1":
		object("name description", all.with(named(chatName, str(1, 100))).with(fields{
			"type": anything, "options": optional(optionList(2)),
		}))(c, at, v)
	case "2", "3":
		object("name", all.with(named(str(1, 32), str(0, 0))).with(fields{"type": anything, "options": optional(list(0, 0, anything))}))(c, at, v)
	default:
		c.fault(at+"/type", "got %s, want 1, 2 or 3", commandType(v))
	}
	c.most(at, textOf(v), commandText, "characters in all names, descriptions and values")
}

// named are the members with a name and a description in many languages.
func named(name, description rule) fields {
	return fields{
		"name": name, "name_localizations": optional(localized(name)),
		"description": description, "description_localizations": optional(localized(description)),
	}
}

// localized is a text for each of some locales.
func localized(text rule) rule {
	known := fields{}
	for _, l := range strings.Fields(locales) {
		known[l] = text
	}
	return object("", known)
}

// locales are those that Discord knows (developers/reference, "Locales").
const locales = "id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja zh-TW ko"

// chatName is the name of a chat command or of an option.
func chatName(c *checker, at string, v any) {
	s, ok := v.(string)
	if !ok || !chatNames.MatchString(s) || length(s) > 32 || strings.ToLower(s) != s {
		c.fault(at, "got %q, want 1 to 32 lower-case letters, digits, - or _", v)
	}
}

var chatNames = regexp.MustCompile(`^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$`)

// permissions is a set of bits as a decimal.
func permissions(c *checker, at string, v any) {
	s, _ := v.(string)
	if _, err := strconv.ParseUint(s, 10, 64); err != nil {
		c.fault(at, "got %v, want a decimal in a string", v)
	}
}

// textOf counts the characters of the texts of a command and its options, of
// each the longest translation.
func textOf(v any) int {
	sum := longest(v, "name") + longest(v, "description")
	if s, ok := member(v, "value").(string); ok {
		sum += length(s)
	}
	for _, key := range []string{"options", "choices"} {
		a, _ := member(v, key).([]any)
		for _, e := range a {
			sum += textOf(e)
		}
	}
	return sum
}

func longest(v any, key string) int {
	s, _ := member(v, key).(string)
	n := length(s)
	translations, _ := member(v, key+"_localizations").(map[string]any)
	for _, t := range translations {
		s, _ := t.(string)
		n = max(n, length(s))
	}
	return n
}
