package main

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"liftgate/experiment"
)

// arrange puts arguments into the order that urfave/cli reads: the command, its options, "--", its file names. Options may
// stand anywhere before a "--" that ends them, in front of the command too. Names that do not exist are usage errors.
func arrange(commands []*cli.Command, args []string) ([]string, error) {
	at := slices.IndexFunc(args, func(a string) bool { return !isOption(a) })
	if at < 0 {
		return arrangeBare(args)
	}
	name, options := args[at], slices.Concat(args[:at], args[at+1:])
	if name == "help" {
		return arrangeHelp(commands, options)
	}
	cmd, err := find(commands, name)
	if err != nil {
		return nil, err
	}
	rest, err := permute(cmd, options)
	if err != nil {
		return nil, err
	}
	return append([]string{name}, rest...), nil
}

// arrangeBare is for a command line without a command.
func arrangeBare(args []string) ([]string, error) {
	if len(args) == 0 {
		return nil, usagef("no command given; liftgate --help lists them, liftgate demo shows what it does")
	}
	switch args[0] {
	case "--help", "-h", "-help":
		return []string{"--help"}, nil
	case "--version", "-v", "-version":
		return []string{"version"}, nil
	}
	return nil, usagef("no command given, only %s; liftgate --help lists the commands", args[0])
}

func arrangeHelp(commands []*cli.Command, args []string) ([]string, error) {
	if len(args) == 0 || isOption(args[0]) {
		return []string{"--help"}, nil
	}
	cmd, err := find(commands, args[0])
	if err != nil {
		return nil, err
	}
	return append([]string{cmd.Name}, explain(cmd, args[1:])...), nil
}

func find(commands []*cli.Command, name string) (*cli.Command, error) {
	names := []string{"help"}
	for _, c := range commands {
		if c.Name == name {
			return c, nil
		}
		names = append(names, c.Name)
	}
	return nil, unknown("command", name, names)
}

// unknown says that a name does not exist, and which one may have been meant.
func unknown(kind, name string, names []string) error {
	if s := experiment.Suggest(name, names); s != "" {
		return usagef("unknown %s %q; %s", kind, name, s)
	}
	return usagef("unknown %s %q; see liftgate --help", kind, name)
}

// explainOption is a hidden option of commands whose first argument has a help of its own: asking for help becomes that option.
const explainOption = "explain"

// permute moves the options of a command before its file names.
func permute(cmd *cli.Command, args []string) ([]string, error) {
	var options, files []string
	help := false
	for i := 0; i < len(args); i++ {
		a := args[i]
		if a == "--" {
			files = append(files, args[i+1:]...)
			break
		}
		if !isOption(a) {
			files = append(files, a)
			continue
		}
		takesValue, err := lookUp(cmd, a)
		switch name, _, hasValue := strings.Cut(a, "="); {
		case err != nil:
			return nil, err
		case isHelp(name):
			help = true
		case takesValue && !hasValue && i+1 == len(args):
			return nil, usagef("option %s needs a value", a)
		case takesValue && !hasValue:
			i++
			options = append(options, a, args[i])
		default:
			options = append(options, a)
		}
	}
	if help {
		return explain(cmd, files), nil
	}
	return slices.Concat(options, []string{"--"}, files), nil
}

// explain asks for the help of a command, or of its first argument where that has one.
func explain(cmd *cli.Command, files []string) []string {
	explains := slices.ContainsFunc(cmd.Flags, func(f cli.Flag) bool { return f.Names()[0] == explainOption })
	if explains && len(files) > 0 {
		return []string{"--" + explainOption, "--", files[0]}
	}
	return []string{"--help"}
}

func isOption(a string) bool { return len(a) > 1 && a[0] == '-' }

func isHelp(option string) bool {
	name := strings.TrimLeft(option, "-")
	return name == "help" || name == "h"
}

// lookUp finds an option of the command and says whether it takes a value.
func lookUp(cmd *cli.Command, option string) (takesValue bool, err error) {
	name, _, _ := strings.Cut(option, "=")
	if isHelp(name) {
		return false, nil
	}
	names := []string{"--help"}
	for _, f := range cmd.Flags {
		if slices.Contains(f.Names(), strings.TrimLeft(name, "-")) {
			_, isBool := f.(*cli.BoolFlag)
			return !isBool, nil
		}
		if v, ok := f.(cli.VisibleFlag); !ok || v.IsVisible() {
			names = append(names, "--"+f.Names()[0])
		}
	}
	return false, unknown("option of "+cmd.Name, name, names)
}
