package cluster

import (
	"context"
	"encoding/json"
	"fmt"
	"net/netip"
	"strings"
)

// A fault's filter rules stand in the table firewall of the bridge's namespace
// (between machines, as a cloud's security group) or of a node's (on the
// machine, as ufw). The table isolation is the lab's own and stays.

// BlockOnBridge drops what passes between machines and matches.
func (l *Lab) BlockOnBridge(ctx context.Context, match string) error {
	_, err := l.in(ctx, "net", "nft add rule bridge firewall forward "+match+" drop")
	return err
}

// BlockPair drops what passes from one node to a port of another.
func (l *Lab) BlockPair(ctx context.Context, from, to Node, port int) error {
	return l.BlockOnBridge(ctx, fmt.Sprintf("ip saddr %s ip daddr %s tcp dport %d", from.Address, to.Address, port))
}

// BlockOnNode drops what arrives at the node and matches.
func (l *Lab) BlockOnNode(ctx context.Context, n Node, match string) error {
	_, err := l.in(ctx, n.ID, "nft add rule inet firewall input "+match+" drop")
	return err
}

// nftRule is a rule as nft prints it in JSON.
type nftRule struct {
	Family string `json:"family"`
	Table  string `json:"table"`
	Chain  string `json:"chain"`
	Handle int    `json:"handle"`
	Expr   []struct {
		Match *struct {
			Left struct {
				Payload *struct {
					Protocol string `json:"protocol"`
					Field    string `json:"field"`
				} `json:"payload"`
			} `json:"left"`
			Right json.RawMessage `json:"right"`
		} `json:"match"`
		Drop json.RawMessage `json:"drop"`
	} `json:"expr"`
}

// blocks tells whether the rule drops packets to that port of that address; an
// invalid address stands for any.
func (r nftRule) blocks(to netip.Addr, port int) bool {
	portMatches := false
	for _, e := range r.Expr {
		if e.Match == nil || e.Match.Left.Payload == nil {
			continue
		}
		switch p := e.Match.Left.Payload; p.Field {
		case "dport":
			portMatches = string(e.Match.Right) == fmt.Sprint(port)
		case "daddr":
			if to.IsValid() && p.Protocol == "ip" && string(e.Match.Right) != fmt.Sprintf("%q", to) {
				return false
			}
		}
	}
	return portMatches
}

// OpenPort removes the rules that drop packets to the port of the machine with
// that address; an invalid address stands for every machine. It tells how many there were.
func (l *Lab) OpenPort(ctx context.Context, to netip.Addr, port int) (int, error) {
	removed := 0
	for _, id := range l.namespaces() {
		text, err := l.in(ctx, id, "nft --json list ruleset")
		if err != nil {
			return removed, err
		}
		var ruleset struct {
			Nftables []struct {
				Rule *nftRule `json:"rule"`
			} `json:"nftables"`
		}
		if err := json.Unmarshal([]byte(text), &ruleset); err != nil {
			return removed, fmt.Errorf("reading the filter rules of %s: %v", id, err)
		}
		if n, err := l.NodeNamed(id); err == nil && to.IsValid() && n.Address != to {
			continue // a node's own rules concern what goes to it
		}
		for _, item := range ruleset.Nftables {
			r := item.Rule
			if r == nil || r.Table != "firewall" || !r.blocks(to, port) {
				continue
			}
			if _, err := l.in(ctx, id, fmt.Sprintf("nft delete rule %s firewall %s handle %d", r.Family, r.Chain, r.Handle)); err != nil {
				return removed, err
			}
			removed++
		}
	}
	return removed, nil
}

// NodeAddresses joins the nodes' addresses as nft takes a set.
func (l *Lab) NodeAddresses() string {
	var all []string
	for _, n := range l.Nodes {
		all = append(all, n.Address.String())
	}
	return "{ " + strings.Join(all, ", ") + " }"
}
