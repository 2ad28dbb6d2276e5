// Renders a chart as `helm template` does, with the template engine and the functions (sprig) that Helm itself uses, both from
// Debian's packages, since Helm is none of them:
//
//	helm-template CHART RELEASE NAMESPACE [VALUES.yaml…]
//
// Hooks, sub-charts, look-ups and capabilities are not known: a chart that uses them fails.
package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
	"gopkg.in/yaml.v3"
)

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func read(path string) map[string]interface{} {
	text, err := os.ReadFile(path)
	fail(err)
	values := map[string]interface{}{}
	fail(yaml.Unmarshal(text, &values))
	return values
}

// merge lays one file's values over others: maps by key, everything else as a whole.
func merge(under, over map[string]interface{}) {
	for key, value := range over {
		inner, isMap := value.(map[string]interface{})
		below, wasMap := under[key].(map[string]interface{})
		if isMap && wasMap {
			merge(below, inner)
		} else {
			under[key] = value
		}
	}
}

func toYAML(value interface{}) (string, error) {
	text, err := yaml.Marshal(value)
	return strings.TrimSuffix(string(text), "\n"), err
}

func main() {
	if len(os.Args) < 4 {
		fail(fmt.Errorf("usage: helm-template CHART RELEASE NAMESPACE [VALUES.yaml…]"))
	}
	directory := os.Args[1]
	values := read(filepath.Join(directory, "values.yaml"))
	for _, path := range os.Args[4:] {
		merge(values, read(path))
	}
	chart := map[string]interface{}{}
	for key, value := range read(filepath.Join(directory, "Chart.yaml")) {
		chart[strings.ToUpper(key[:1])+key[1:]] = value
	}
	top := map[string]interface{}{
		"Values": values,
		"Chart":  chart,
		"Release": map[string]interface{}{
			"Name": os.Args[2], "Namespace": os.Args[3], "Service": "Helm", "Revision": 1, "IsInstall": true, "IsUpgrade": false,
		},
	}

	all := template.New("chart")
	functions := sprig.TxtFuncMap()
	delete(functions, "env")
	delete(functions, "expandenv")
	functions["toYaml"] = toYAML
	functions["include"] = func(name string, data interface{}) (string, error) {
		var text bytes.Buffer
		err := all.ExecuteTemplate(&text, name, data)
		return text.String(), err
	}
	functions["required"] = func(warning string, value interface{}) (interface{}, error) {
		if value == nil || value == "" {
			return nil, fmt.Errorf("%s", warning)
		}
		return value, nil
	}
	// As Helm: a key that is not there is empty text.
	all.Funcs(functions).Option("missingkey=zero")

	paths, err := filepath.Glob(filepath.Join(directory, "templates", "*"))
	fail(err)
	sort.Strings(paths)
	for _, path := range paths {
		text, err := os.ReadFile(path)
		fail(err)
		_, err = all.New(filepath.Base(path)).Parse(string(text))
		fail(err)
	}
	for _, path := range paths {
		name := filepath.Base(path)
		if strings.HasPrefix(name, "_") {
			continue
		}
		var text bytes.Buffer
		fail(all.ExecuteTemplate(&text, name, top))
		rendered := strings.ReplaceAll(text.String(), "<no value>", "")
		if name == "NOTES.txt" {
			continue
		}
		fmt.Printf("---\n# Source: %s\n%s\n", name, strings.TrimSpace(rendered))
	}
}
