import { expect, test } from 'vitest'
import { saysUndo } from './undo-word.ts'

test.each([
  ['cart.remove', 'cart.add'], ['remove_from_cart', 'add_to_cart'], ['removeFromCart', 'addToCart'], ['OrderCancelled', 'OrderPlaced'], ['order canceled', 'order'],
  ['unlike', 'like'], ['unfollowed', 'followed'], ['user.unsubscribed', 'user.subscribe'], ['refund', 'purchase'], ['Item Returned', 'Item Bought'],
])('%s says that it takes %s back', (type, first) => {
  expect(saysUndo(type, first)).toBe(true)
  expect(saysUndo(first, type)).toBe(false)
})

test.each([['purchase', 'cart'], ['unit.sold', 'view'], ['under', 'derive'], ['refund.paid', 'refund.asked'], ['view', 'cart.remove'], ['', '']])('%s says nothing of %s', (type, first) => {
  expect(saysUndo(type, first)).toBe(false)
})
