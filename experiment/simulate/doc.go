// Package simulate writes synthetic Amazon Pay traffic that fits a definition, with a known truth.
//
// A scenario is a fixed market of 5,000 merchants and an effect of the treatment. Shoppers belong to a merchant, come
// back, and at each visit walk from the cart through checkout, a choice of method, login and confirmation to a charge and
// an order; what follows later (refunds, fraud, disputes, payouts) arrives with realistic delays, up to 120 days. What
// lasts in a shopper and a merchant makes the past correlate with the future and shoppers of one merchant with each other.
//
// Shoppers are independent of each other given the market, so they are made in chunks that are written and forgotten:
// memory does not grow with the length of the log. Within a part of a source, rows are in the order in which the log
// received them, which is nearly that of their times; each part spans the whole time.
//
// The same definition, scenario, seed and number of shoppers give the same bytes for any number of workers. Chance is a
// counter-based generator, so that one shopper can meet every variant under the same luck: that is how [Truth] computes
// what an analysis should find, without the shoppers that it will be given.
//
// With a design (assignment.design) the market's merchants are the list that it assigns, with a platform, a country and what they did in
// the 90 days before, which tells about what they will do; their shoppers are of the merchant's country.
//
// Limits: several treatments differ in strength only; a shopper belongs to one merchant (with merchants as units, one in ten visits two);
// effects neither grow nor fade.
package simulate
