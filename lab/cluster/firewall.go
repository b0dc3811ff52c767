package cluster

import (
	"context"
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"
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
	Family string    `json:"family"`
	Table  string    `json:"table"`
	Chain  string    `json:"chain"`
	Handle int       `json:"handle"`
	Expr   []nftExpr `json:"expr"`
}

// nftExpr is a part of a rule.
type nftExpr struct {
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
		case "length":
			return false // the port is open
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

// narrows tells whether the rule drops packets above some length.
func (r nftRule) narrows() bool {
	return slices.ContainsFunc(r.Expr, func(e nftExpr) bool {
		return e.Match != nil && e.Match.Left.Payload != nil && e.Match.Left.Payload.Field == "length"
	})
}

// OpenPort removes the rules that drop packets to the port of the machine with
// that address; an invalid address stands for every machine. It tells how many there were.
func (l *Lab) OpenPort(ctx context.Context, to netip.Addr, port int) (int, error) {
	return l.removeRules(ctx, func(id string, r nftRule) bool {
		if n, err := l.NodeNamed(id); err == nil && to.IsValid() && n.Address != to {
			return false // a node's own rules concern what goes to it
		}
		return r.blocks(to, port)
	})
}

// WidenPath removes the rules that drop packets above some length. It tells how
// many there were.
func (l *Lab) WidenPath(ctx context.Context) (int, error) {
	return l.removeRules(ctx, func(_ string, r nftRule) bool { return r.narrows() })
}

// NarrowPath drops, between the nodes and a port of the control plane, what is
// longer than that, and says so to nobody.
func (l *Lab) NarrowPath(ctx context.Context, port, length int) error {
	// A machine hands its packets to the bridge as they would be on a wire.
	for _, id := range l.namespaces() {
		if id == "net" || id == "admin" {
			continue
		}
		if _, err := l.in(ctx, id, "ethtool -K eth0 tso off"); err != nil {
			return err
		}
	}
	for _, match := range []string{
		fmt.Sprintf("ip saddr %s ip daddr %s tcp dport %d", l.NodeAddresses(), l.Plan.ControlPlane, port),
		fmt.Sprintf("ip saddr %s ip daddr %s tcp sport %d", l.Plan.ControlPlane, l.NodeAddresses(), port),
	} {
		if err := l.BlockOnBridge(ctx, fmt.Sprintf("%s ip length gt %d", match, length)); err != nil {
			return err
		}
	}
	return nil
}

// removeRules removes those of the filter rules. It tells how many there were.
func (l *Lab) removeRules(ctx context.Context, which func(id string, r nftRule) bool) (int, error) {
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
		for _, item := range ruleset.Nftables {
			r := item.Rule
			if r == nil || r.Table != "firewall" || !which(id, *r) {
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
