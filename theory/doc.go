// Package theory says what a working cluster requires.
//
// A [Component] is a part of a cluster: what it is for, and the laws that it
// lives by. A [Law] looks at the facts and states [Claim]s: something that must
// hold of one subject, what that needs in turn, how it can break, what was
// seen, and the words to explain it. The laws know nothing of each other but
// the names of the claims they need; package diagnose reasons about them all.
//
// Laws read facts through a [View], which gives a law only what it declares to
// read. What a law asks for and is not known yet is remembered, and asked by
// whoever drives the theory; so the questions, the rights they need and the
// blind spots all follow from the laws.
package theory
