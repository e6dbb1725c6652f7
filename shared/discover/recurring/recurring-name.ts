/** What a finding is about, as people say it. */
export function nameOf({ type, attribute, value, key }: { readonly type: string; readonly attribute?: string | undefined; readonly value?: string | undefined; readonly key?: string | undefined }): string {
  return `${type}${attribute === undefined ? '' : ` with ${attribute} ${value ?? ''}`}${key === undefined ? '' : ` of ${key}`}`
}
