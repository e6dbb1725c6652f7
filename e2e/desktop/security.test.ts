import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { describeIf } from '../kafka/describe-if.ts'
import { inMain } from './in-main.ts'
import { desktopAvailability, launchDesktop, type Desktop } from './launch.ts'

/** Electron's security checklist against the real window; electron/main/SECURITY.md says which item is kept by which test. */
describeIf(desktopAvailability, 'the desktop window', () => {
  const workspace = mkdtempSync(join(tmpdir(), 'undercurrent-security-'))
  /** A server on this machine: whatever leaves the app would have to arrive here. */
  const outside: { readonly server: Server; readonly asked: string[]; url: string } = { server: createServer((request, response) => { outside.asked.push(request.url ?? ''); response.setHeader('Access-Control-Allow-Origin', '*').end('<h1>outside</h1>') }), asked: [], url: '' }
  let desktop: Desktop

  beforeAll(async () => {
    outside.server.listen(0, '127.0.0.1')
    await once(outside.server, 'listening')
    outside.url = `http://127.0.0.1:${(outside.server.address() as AddressInfo).port}/`
    desktop = await launchDesktop({ workspace })
    await desktop.page.getByRole('heading').first().waitFor()
  })
  afterAll(async () => {
    await desktop.close()
    outside.server.close()
    rmSync(workspace, { recursive: true, force: true })
  })
  beforeEach(() => {
    outside.asked.length = 0
  })

  const reload = async (): Promise<void> => {
    await desktop.page.goto('app://undercurrent/')
    await desktop.page.getByRole('heading').first().waitFor()
  }
  /** Runs in the page, but not in the turn that the debugger has started: for that one it lifts the policy. */
  const inPage = <T>(work: string): Promise<T> => desktop.page.evaluate<T>(`new Promise((resolve, reject) => setTimeout(() => Promise.resolve().then(() => { ${work} }).then(resolve, reject)))`)
  const preferences = (): Promise<Readonly<Record<string, unknown>>> => inMain(desktop.app, ({ BrowserWindow }) => ({ ...(BrowserWindow.getAllWindows()[0]?.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> }).getLastWebPreferences() }))

  /** Opens a second window on a page that is none of ours, with our preload script, and asks it something. */
  const inForeignWindow = (html: string, script: string, rights: Readonly<Record<string, boolean>> = {}): Promise<unknown> =>
    inMain(
      desktop.app,
      async ({ BrowserWindow }, { html, script, rights, preload }) => {
        const window = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true, contextIsolation: true, ...rights } })
        try {
          await window.loadURL(`data:text/html,${encodeURIComponent(html)}`)
          return (await window.webContents.executeJavaScript(script)) as unknown
        } finally {
          window.destroy()
        }
      },
      { html, script, rights, preload: resolve('build/electron/preload/preload.cjs') },
    )

  it('loads its page, scripts and styles from the app alone', async () => {
    const loaded: string[] = []
    const note = (request: { url(): string }): unknown => loaded.push(request.url())
    desktop.page.on('request', note)
    await reload()
    desktop.page.off('request', note)
    expect(loaded.length).toBeGreaterThan(2)
    expect(loaded.filter((url) => !url.startsWith('app://undercurrent/') && !url.startsWith('data:'))).toEqual([])
  })

  it('reaches no network, neither through the policy nor around it', async () => {
    const attempts = `const url = ${JSON.stringify(outside.url)}
      const settled = (start) => new Promise((done) => { start(done); setTimeout(() => done('waited'), 500) })
      return Promise.all([
        fetch(url + 'fetch').then(() => 'answered', () => 'refused'),
        settled((done) => { const image = new Image(); image.onload = image.onerror = () => done('ended'); image.src = url + 'image' }),
        settled((done) => { try { const socket = new WebSocket(url.replace('http', 'ws') + 'socket'); socket.onopen = () => done('answered'); socket.onerror = () => done('refused') } catch { done('refused') } }),
        Promise.resolve(navigator.sendBeacon(url + 'beacon')).catch(() => false),
      ])`
    await inPage(attempts)
    // a page without a policy has only the session to hold it back
    await inForeignWindow('<p>foreign</p>', `(async () => { ${attempts} })()`)
    await new Promise((later) => setTimeout(later, 500))
    expect(outside.asked).toEqual([])
  })

  it('gives the page nothing of Node or Electron', async () => {
    expect(await inPage('return ["require", "process", "module", "Buffer", "global", "__dirname", "electron", "ipcRenderer"].filter((name) => name in globalThis)')).toEqual([])
    expect(await preferences()).toMatchObject({ nodeIntegration: false, nodeIntegrationInSubFrames: false })
  })

  it('exposes four functions that never grow, and no event object of Electron with them', async () => {
    expect(await inPage('return Object.entries(window.undercurrent).map(([name, value]) => name + " " + typeof value).sort()')).toEqual(['call function', 'on function', 'pathOf function', 'port function'])
    expect(await inPage('return [Object.isFrozen(window.undercurrent), Reflect.set(window.undercurrent, "call", 1), window.undercurrent.call.constructor === Function]')).toEqual([true, false, true])
    expect(await inPage('return window.undercurrent.call("shell.info", {}).then((result) => Object.keys(result).sort())')).toEqual(['ok', 'value'])
  })

  it('isolates the preload script from the page', async () => {
    expect(await preferences()).toMatchObject({ contextIsolation: true })
    // what a page does to its own prototypes does not reach the script that holds the keys
    const answer = await inPage('const then = Promise.prototype.then; let seen = 0; Array.prototype.filter = () => { seen++; return [] }; return window.undercurrent.call("shell.recentWorkspaces", {}).then((result) => [result.ok, seen])')
    expect(answer).toEqual([true, 0])
    await reload()
  })

  it('runs in the sandbox', async () => {
    expect(await preferences()).toMatchObject({ sandbox: true })
    const isRoot = process.getuid?.() === 0
    const sandboxed = await inMain(desktop.app, ({ app }) => app.getAppMetrics().filter(({ type }) => type === 'Tab').map(({ sandboxed: held }) => held ?? 'not told'))
    // Chromium refuses its sandbox to root; only there the app runs without the system's part of it
    if (!isRoot && process.platform !== 'linux') expect(sandboxed).toEqual(sandboxed.map(() => true))
    expect(await inMain(desktop.app, ({ app }) => app.commandLine.hasSwitch('no-sandbox'))).toBe(isRoot)
  })

  it('keeps the web’s own security: same origin, no insecure content, no experiments', async () => {
    expect(await preferences()).toMatchObject({ webSecurity: true, allowRunningInsecureContent: false, experimentalFeatures: false, webviewTag: false })
    const given = await preferences()
    expect([given.enableBlinkFeatures ?? '', given.disableBlinkFeatures ?? '']).toEqual(['', ''])
    expect(await inMain(desktop.app, ({ app }) => ['disable-web-security', 'allow-insecure-localhost', 'ignore-certificate-errors', 'enable-blink-features', 'enable-experimental-web-platform-features'].filter((name) => app.commandLine.hasSwitch(name)))).toEqual([])
    expect(await inPage('return isSecureContext && location.origin')).toBe('app://undercurrent')
  })

  it('answers with a strict policy, and the page is held to it', async () => {
    const policy = await inPage<string>('return fetch("app://undercurrent/").then((answer) => answer.headers.get("Content-Security-Policy"))')
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval';")
    expect(policy).toContain("object-src 'none'")
    expect(policy).not.toContain('unsafe-inline')
    expect(policy.replaceAll('wasm-unsafe-eval', '')).not.toContain('unsafe-eval')
    expect(policy).not.toMatch(/[\s;](\*|https?:|wss?:)/)

    expect(await inPage('try { return eval("1 + 1") } catch (error) { return error.name }')).toBe('EvalError')
    expect(await inPage('try { return new Function("return 2")() } catch (error) { return error.name }')).toBe('EvalError')
    await inPage('const script = document.createElement("script"); script.textContent = "window.injected = true"; document.body.append(script); document.body.insertAdjacentHTML("beforeend", "<img src=x onerror=\'window.injected = true\'><a id=hostile href=\'javascript:window.injected = true\'>x</a>"); document.querySelector("#hostile").click()')
    await new Promise((later) => setTimeout(later, 300))
    expect(await inPage('return window.injected ?? "nothing ran"')).toBe('nothing ran')
    expect(await inPage('return WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])).then(() => "compiled")')).toBe('compiled')
  })

  it.each(['https://example.com/', 'http://127.0.0.1/', 'file:///etc/passwd', 'data:text/html,foreign', 'app://elsewhere/', 'blob:null/1'])('does not navigate to %s', async (url) => {
    await inPage(`location.href = ${JSON.stringify(url)}`).catch(() => undefined)
    await inPage(`const link = document.createElement("a"); link.href = ${JSON.stringify(url)}; document.body.append(link); link.click(); link.remove()`).catch(() => undefined)
    await new Promise((later) => setTimeout(later, 200))
    expect(await inMain(desktop.app, ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getURL())).toMatch(/^app:\/\/undercurrent\//)
    expect(await inPage('return document.title')).toContain('Undercurrent')
  })

  it('answers nothing on about:blank, which Electron lets no app prevent', async () => {
    await inPage('location.href = "about:blank"').catch(() => undefined)
    await expect.poll(() => desktop.page.url()).toBe('about:blank')
    expect(await desktop.page.evaluate('window.undercurrent?.call("shell.info", {}) ?? "no bridge"')).toMatchObject({ ok: false, error: { code: 'BAD_REQUEST' } })
    await reload()
  })

  it('opens no window, and another program only for a page of the web, after asking', async () => {
    await inMain(desktop.app, ({ dialog, shell }) => {
      const seen = { asked: [] as string[], opened: [] as string[], answer: 1 }
      Object.assign(globalThis, { seen })
      Object.assign(dialog, { showMessageBox: (options: { readonly detail: string }) => { seen.asked.push(options.detail); return Promise.resolve({ response: seen.answer }) } })
      Object.assign(shell, { openExternal: (url: string) => { seen.opened.push(url); return Promise.resolve() } })
    })
    const open = async (url: string, answer: number): Promise<{ readonly asked: readonly string[]; readonly opened: readonly string[] }> => {
      await inMain(desktop.app, (_, response) => Object.assign((globalThis as unknown as { seen: object }).seen, { asked: [], opened: [], answer: response }), answer)
      expect(await inPage(`return window.open(${JSON.stringify(url)}) === null`)).toBe(true)
      await inPage(`const link = document.createElement("a"); link.href = ${JSON.stringify(url)}; link.target = "_blank"; document.body.append(link); link.click(); link.remove()`)
      await new Promise((later) => setTimeout(later, 200))
      return inMain(desktop.app, () => (globalThis as unknown as { seen: { asked: string[]; opened: string[] } }).seen)
    }
    expect(await open('https://example.com/a', 1)).toMatchObject({ asked: ['https://example.com/a', 'https://example.com/a'], opened: [] })
    expect(await open('https://example.com/b', 0)).toMatchObject({ opened: ['https://example.com/b', 'https://example.com/b'] })
    for (const url of ['http://example.com/', 'file:///etc/passwd', 'smb://host/share', 'ms-msdt:/id', 'javascript:alert(1)', 'mailto:a@example.com', 'about:blank', 'app://undercurrent/']) {
      expect(await open(url, 0), url).toMatchObject({ asked: [], opened: [] })
    }
    expect(await inMain(desktop.app, ({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
  })

  it('grants no permission that a page may ask for but writing to the clipboard', async () => {
    const asked = ['geolocation', 'notifications', 'camera', 'microphone', 'midi', 'clipboard-read', 'clipboard-write', 'persistent-storage', 'screen-wake-lock', 'idle-detection', 'window-management', 'local-fonts']
    const granted = await inPage(`return Promise.all(${JSON.stringify(asked)}.map((name) => navigator.permissions.query({ name }).then(({ state }) => [name, state], () => [name, 'unknown']))).then((all) => all.filter(([, state]) => state === 'granted').map(([name]) => name))`)
    expect(granted).toEqual(['clipboard-write'])
    expect(await inPage('return new Promise((done) => navigator.geolocation.getCurrentPosition(() => done("told"), ({ code }) => done(code)))')).toBe(1)
    expect(await inPage('return navigator.mediaDevices.getUserMedia({ audio: true }).then(() => "given", ({ name }) => name)')).toMatch(/NotAllowedError|NotFoundError/)
    expect(await inPage('return Notification.requestPermission()')).toBe('denied')
  })

  it('has no webview, and attaches none where a window would have it', async () => {
    expect(await inPage('const view = document.createElement("webview"); view.src = "data:text/html,x"; document.body.append(view); const kind = typeof view.loadURL; view.remove(); return kind')).toBe('undefined')
    const attached = 'new Promise((later) => setTimeout(later, 500)).then(() => { try { return document.querySelector("webview").getWebContentsId() > 0 } catch { return false } })'
    expect(await inForeignWindow('<webview src="data:text/html,inner" allowpopups></webview>', attached, { webviewTag: true })).toBe(false)
  })

  it('answers no page but its own, and no frame', async () => {
    expect(await inForeignWindow('<p>foreign</p>', 'window.undercurrent.call("shell.info", {})')).toMatchObject({ ok: false, error: { code: 'BAD_REQUEST' } })
    expect(await inForeignWindow('<p>foreign</p>', 'new Promise((done) => { addEventListener("message", () => done("got a port")); window.undercurrent.port(); setTimeout(() => done("nothing"), 500) })')).toBe('nothing')
    // the app's page cannot be framed, and a frame in it has no bridge
    expect(await inForeignWindow('<iframe src="app://undercurrent/"></iframe>', 'new Promise((later) => setTimeout(later, 500)).then(() => { try { return String(frames[0].document) } catch { return "out of reach" } })', { nodeIntegrationInSubFrames: true })).toBe('out of reach')
    expect(await inPage('const frame = document.createElement("iframe"); document.body.append(frame); const kind = typeof frame.contentWindow.undercurrent; frame.remove(); return kind')).toBe('undefined')
    const given = await inMain(desktop.app, async ({ ipcMain }) => {
      const ports: string[] = []
      for (const [name, senderFrame] of Object.entries({ none: null, framed: { parent: {}, url: 'app://undercurrent/' }, foreign: { parent: null, url: 'https://example.com/' }, own: { parent: null, url: 'app://undercurrent/' } })) {
        ipcMain.emit('shell.port', { senderFrame, sender: { isDestroyed: () => false, postMessage: () => ports.push(name) } })
      }
      await new Promise((later) => setTimeout(later, 500))
      return ports
    })
    expect(given).toEqual(['own'])
  })

  it('answers only calls that the contract names, with input that it describes', async () => {
    for (const [name, input] of [['shell.run', '{}'], ['__proto__', '{}'], ['constructor', '{}'], ['shell.setTheme', '{ theme: "pink" }'], ['shell.openWorkspace', '{ path: 1 }'], ['shell.notify', '{ title: "x".repeat(300), body: "" }']] as const) {
      expect(await inPage(`return window.undercurrent.call(${JSON.stringify(name)}, ${input})`), name).toMatchObject({ ok: false, error: { code: 'BAD_REQUEST' } })
    }
    expect(await inPage('return window.undercurrent.call("shell.openWorkspace", { path: "/etc" })')).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } })
  })

  it.each(['..%2f..%2fpackage.json', '%2e%2e/%2e%2e/package.json', '..%5c..%5cpackage.json', '%2fetc%2fpasswd', '/etc/passwd', 'assets/..%2f..%2f..%2fpackage.json', 'index.html%00', '.', 'assets', '%'])('serves nothing outside of the built renderer: %s', async (path) => {
    const { status, text } = await inPage<{ readonly status: number; readonly text: string }>(`return fetch("app://undercurrent/" + ${JSON.stringify(path)}).then(async (answer) => ({ status: answer.status, text: await answer.text() }))`)
    if (status === 200) expect(text, 'the page itself').toContain('<div id="root"')
    else expect([status, text]).toEqual([404, 'There is no such file.'])
  })

  it('cannot read the disk through file://', async () => {
    expect(await inPage('return fetch("file:///etc/hostname").then(() => "read", () => "refused")')).toBe('refused')
    expect(await inForeignWindow('<p>foreign</p>', 'fetch("file:///etc/hostname").then(() => "read", () => "refused")', { webSecurity: false })).toBe('refused')
  })
})
