/** What the app was started with. */
export interface Arguments {
  readonly workspace: string | undefined
  readonly profile: string | undefined
  /** Whether the demo shop is to run in the workspace. */
  readonly demo: boolean
  /** A file to import, or a folder to open. */
  readonly file: string | undefined
}

/** Reads `--workspace DIR`, `--profile DIR` and a file. Switches of Chromium and the path of the app itself are passed over. */
export function readArguments(argv: readonly string[], isPackaged = process.argv[0] !== undefined && !/electron(\.exe)?$/i.test(process.argv[0])): Arguments {
  const rest = argv.slice(1)
  const value = (name: string): string | undefined => {
    const at = rest.indexOf(name)
    return rest.find((text) => text.startsWith(`${name}=`))?.slice(name.length + 1) ?? (at === -1 ? undefined : rest[at + 1])
  }
  const workspace = value('--workspace')
  const profile = value('--profile')
  const plain = rest.filter((text, index) => !text.startsWith('-') && !['--workspace', '--profile'].includes(rest[index - 1] ?? ''))
  // in development the first plain argument is the folder of the app
  return { workspace, profile, demo: rest.includes('--demo'), file: plain[isPackaged ? 0 : 1] }
}
