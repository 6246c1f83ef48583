package discordtest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// commandName is what slash commands and options may be called:
// [D:interactions/application-commands].
var commandName = regexp.MustCompile(`^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$`)

func commandRoutes() map[string]handler {
	routes := map[string]handler{}
	for _, base := range []string{"/applications/{app}/commands", "/applications/{app}/guilds/{guild}/commands"} {
		maps.Copy(routes, map[string]handler{
			"GET " + base:                   (*call).listCommands,
			"PUT " + base:                   (*call).putCommands,
			"POST " + base:                  (*call).postCommand,
			"GET " + base + "/{command}":    (*call).getCommand,
			"PATCH " + base + "/{command}":  (*call).patchCommand,
			"DELETE " + base + "/{command}": (*call).deleteCommand,
		})
	}
	return routes
}

// scope is the guild of the path, "" for global commands.
func (c *call) scope() (string, error) {
	guild := c.id("guild")
	if c.id("app") != c.s.appID || guild != "" && c.s.guild(guild) == nil {
		return "", refuse(http.StatusForbidden, 50001, "Missing Access")
	}
	return guild, nil
}

func (c *call) listCommands() (int, any, error) {
	guild, err := c.scope()
	return 0, append([]object{}, c.s.commands[guild]...), err
}

// putCommands replaces all of them.
func (c *call) putCommands() (int, any, error) {
	guild, err := c.scope()
	if err != nil {
		return 0, nil, err
	}
	var list []object
	if err := c.decode(&list); err != nil {
		return 0, nil, err
	}
	counts := map[int]int{}
	var names []string
	for i, o := range list {
		kind, err := checkCommand(strconv.Itoa(i), o)
		if err != nil {
			return 0, nil, err
		}
		counts[kind]++
		key := fmt.Sprint(kind, " ", o["name"])
		if slices.Contains(names, key) {
			return 0, nil, invalid(strconv.Itoa(i)+".name", "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")
		}
		names = append(names, key)
	}
	if counts[1] > 100 || counts[2] > 15 || counts[3] > 15 {
		return 0, nil, refuse(http.StatusBadRequest, 30032, "Maximum number of application commands reached (100)")
	}
	old := c.s.commands[guild]
	c.s.commands[guild] = nil
	for _, o := range list {
		c.s.commands[guild] = append(c.s.commands[guild], c.s.complete(o, guild, old))
	}
	return 0, c.s.commands[guild], nil
}

func (c *call) postCommand() (int, any, error) {
	guild, err := c.scope()
	if err != nil {
		return 0, nil, err
	}
	var o object
	if err := c.decode(&o); err != nil {
		return 0, nil, err
	}
	kind, err := checkCommand("", o)
	if err != nil {
		return 0, nil, err
	}
	before := len(c.s.commands[guild])
	full := c.s.complete(o, guild, c.s.commands[guild])
	c.s.commands[guild] = append(slices.DeleteFunc(c.s.commands[guild], func(x object) bool { return x["name"] == o["name"] && number(x["type"]) == kind }), full)
	if len(c.s.commands[guild]) == before {
		return http.StatusOK, full, nil
	}
	return http.StatusCreated, full, nil
}

func (c *call) find() (string, int, error) {
	guild, err := c.scope()
	if err != nil {
		return "", 0, err
	}
	i := slices.IndexFunc(c.s.commands[guild], func(x object) bool { return x["id"] == c.id("command") })
	if i < 0 {
		return "", 0, refuse(http.StatusNotFound, 10063, "Unknown application command")
	}
	return guild, i, nil
}

func (c *call) getCommand() (int, any, error) {
	guild, i, err := c.find()
	if err != nil {
		return 0, nil, err
	}
	return 0, c.s.commands[guild][i], nil
}

func (c *call) patchCommand() (int, any, error) {
	guild, i, err := c.find()
	if err != nil {
		return 0, nil, err
	}
	o := maps.Clone(c.s.commands[guild][i])
	if err := c.decode(&o); err != nil {
		return 0, nil, err
	}
	if _, err := checkCommand("", o); err != nil {
		return 0, nil, err
	}
	o["version"] = c.s.id()
	c.s.commands[guild][i] = o
	return 0, o, nil
}

func (c *call) deleteCommand() (int, any, error) {
	guild, i, err := c.find()
	if err != nil {
		return 0, nil, err
	}
	c.s.commands[guild] = slices.Delete(slices.Clone(c.s.commands[guild]), i, i+1)
	return 0, nil, nil
}

// complete is the command as Discord stores it: the id stays with the name.
func (s *Server) complete(o object, guild string, old []object) object {
	full := object{
		"type": 1, "description": "", "default_member_permissions": nil, "nsfw": false, "version": s.id(), "application_id": s.appID,
		"name_localizations": nil, "description_localizations": nil, "integration_types": []int{0}, "contexts": nil, "dm_permission": true,
	}
	maps.DeleteFunc(full, func(k string, _ any) bool { return guild != "" && (k == "dm_permission") })
	maps.Copy(full, o)
	full["type"] = kindOf(o)
	if full["id"] = s.id(); guild != "" {
		full["guild_id"] = guild
	}
	for _, x := range old {
		if x["name"] == o["name"] && number(x["type"]) == kindOf(o) {
			full["id"] = x["id"]
		}
	}
	return full
}

func kindOf(o object) int {
	if o["type"] == nil {
		return 1
	}
	return number(o["type"])
}

// checkCommand holds a command against its limits and returns its type.
func checkCommand(at string, o object) (int, error) {
	path := func(key string) string { return strings.TrimPrefix(at+"."+key, ".") }
	kind, name := kindOf(o), text(o, "name")
	if kind == 2 || kind == 3 {
		if o["options"] != nil || text(o, "description") != "" {
			return 0, invalid(path("description"), "APPLICATION_COMMAND_INVALID", "Context menu commands cannot have description or options")
		}
		return kind, required(path("name"), name, 32)
	}
	if kind != 1 {
		return 0, invalid(path("type"), "BASE_TYPE_CHOICES", "Value of field \"type\" must be one of (1, 2, 3, 4).")
	}
	total := 0
	err := checkNamed(path, o, &total)
	if err == nil && total > 8000 {
		err = invalid(path("options"), "APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (8000)")
	}
	return kind, err
}

// checkNamed checks what a command and an option have in common, and the
// options below.
func checkNamed(path func(string) string, o object, total *int) error {
	name, description := text(o, "name"), text(o, "description")
	if !commandName.MatchString(name) || name != strings.ToLower(name) {
		return invalid(path("name"), "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
	}
	if err := required(path("description"), description, 100); err != nil {
		return err
	}
	*total += utf8.RuneCountInString(name) + utf8.RuneCountInString(description)
	options, choices := objects(o["options"]), objects(o["choices"])
	if len(options) > 25 || len(choices) > 25 {
		return invalid(path("options"), "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
	}
	if o["autocomplete"] == true && len(choices) > 0 {
		return invalid(path("choices"), "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_CHOICES", "Autocomplete options cannot have choices")
	}
	for i, c := range choices {
		if err := required(path(fmt.Sprintf("choices.%d.name", i)), text(c, "name"), 100); err != nil {
			return err
		}
		*total += utf8.RuneCountInString(text(c, "name")) + len(fmt.Sprint(c["value"]))
	}
	optional := false
	for i, x := range options {
		if optional = optional || x["required"] != true; optional && x["required"] == true {
			return invalid(path("options"), "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", "Required options must be placed before non-required options")
		}
		below := func(key string) string { return path(fmt.Sprintf("options.%d.%s", i, key)) }
		if err := checkNamed(below, x, total); err != nil {
			return err
		}
	}
	return nil
}

// Commands are the commands registered for the guild, nil = the global ones,
// as Discord stores them.
func (s *Server) Commands(g *Guild) []json.RawMessage {
	defer s.lockQuietly()()
	key := ""
	if g != nil {
		key = g.ID
	}
	var out []json.RawMessage
	for _, o := range s.commands[key] {
		data, _ := json.Marshal(o)
		out = append(out, data)
	}
	return out
}

func (s *Server) registered() bool {
	for _, list := range s.commands {
		if len(list) > 0 {
			return true
		}
	}
	return false
}

// command is what people use by this name in the channel, nil if nothing.
func (s *Server) command(c *Channel, name string, kind int) object {
	list := s.commands[""]
	if c.g != nil {
		list = append(slices.Clone(s.commands[c.g.ID]), list...)
	}
	context := 0
	if c.g == nil {
		context = 1
	}
	for _, o := range list {
		contexts, _ := o["contexts"].([]any)
		here := len(contexts) == 0 || slices.ContainsFunc(contexts, func(v any) bool { return number(v) == context })
		if o["name"] == name && number(o["type"]) == kind && here {
			return o
		}
	}
	return nil
}

func (s *Server) commandID(c *Channel, name string) string {
	for _, kind := range []int{1, 3} {
		if o := s.command(c, name, kind); o != nil {
			return fmt.Sprint(o["id"])
		}
	}
	return s.id()
}

// options are a slash command's as its interaction has them. It reports false
// for what Discord's own clients wouldn't send.
func (s *Server) options(c *Channel, name string, values map[string]string) ([]object, bool) {
	list := []object{}
	command := s.command(c, name, 1)
	if command == nil && s.registered() {
		return nil, false
	}
	if command == nil {
		for _, k := range slices.Sorted(maps.Keys(values)) {
			list = append(list, object{"name": k, "type": 3, "value": values[k]})
		}
		return list, true
	}
	for _, o := range objects(command["options"]) {
		value, given := values[text(o, "name")]
		if !given && o["required"] == true {
			return nil, false
		}
		if given {
			list = append(list, object{"name": o["name"], "type": number(o["type"]), "value": typed(number(o["type"]), value)})
		}
	}
	return list, len(list) == len(values)
}

// typed is an option's value as its type has it.
func typed(kind int, value string) any {
	switch kind {
	case 4:
		n, _ := strconv.Atoi(value)
		return n
	case 5:
		return value == "true"
	case 10:
		f, _ := strconv.ParseFloat(value, 64)
		return f
	}
	return value
}
