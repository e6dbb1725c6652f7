/** Behaviors to begin with, of the shapes that people ask for most. Types are those of the built-in demo shop. */
export const templates: readonly { readonly name: string; readonly text: string }[] = [
  { name: 'Done and taken back', text: 'sequence "changed their mind" by user, item\n  added: cart.add\n  then removed: cart.remove within 10m\n  without purchase for 10m after added\nreturn removed.time - added.time as hesitation\n' },
  { name: 'Begun and left', text: 'sequence "abandoned checkout" by user\n  start: checkout.started\n  without payment.succeeded for 30m after start\n' },
  { name: 'Comes back at the same time', text: 'sequence "nightly failure" by service, code\n  error.raised\nevery 24h ± 15m at least 5 times\n' },
  { name: 'Again and again', text: 'sequence "rage click" by user, element\n  ui.click at least 4 times within 1s\n' },
  { name: 'Always the same way', text: 'sequence "guided path" by user session 30m\n  page.view where path == "/"\n  then next page.view where path like "/category/*"\n  then next cart.add\n' },
  { name: 'Many at once', text: 'sequence "changed their mind" by user, item\n  added: cart.add\n  then removed: cart.remove within 10m\n\nsequence "mass hesitation" from "changed their mind" by at least 50 users in 1h\n' },
]

/** What a new behavior begins with, in a workspace that has these types. */
export function newBehavior(types: readonly string[]): string {
  const [first = 'a.type', second = first] = types
  return `sequence "new behavior" by user\n  a: ${first}\n  then b: ${second} within 10m\n`
}
