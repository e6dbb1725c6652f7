import { createHashHistory, createRootRoute, createRoute, createRouter } from '@tanstack/react-router'
import { BehaviorsScreen } from '../features/behaviors/behaviors-screen.tsx'
import { ConnectScreen } from '../features/connect/connect-screen.tsx'
import { DiscoverScreen } from '../features/discover/discover-screen.tsx'
import { FirstRunScreen } from '../features/first-run/first-run-screen.tsx'
import { LiveScreen } from '../features/live/live-screen.tsx'
import { ReportsScreen } from '../features/reports/reports-screen.tsx'
import { SequencesScreen } from '../features/sequences/sequences-screen.tsx'
import { SqlScreen } from '../features/sql/sql-screen.tsx'
import { TimelinesScreen } from '../features/timelines/timelines-screen.tsx'
import { WhyScreen } from '../features/why/why-screen.tsx'
import { Frame } from './frame.tsx'
import { Home } from './home.tsx'
import { Crash } from './crash.tsx'

const root = createRootRoute({ component: Frame, errorComponent: Crash, notFoundComponent: Home })
const routes = [
  createRoute({ getParentRoute: () => root, path: '/', component: Home }),
  createRoute({ getParentRoute: () => root, path: '/start', component: FirstRunScreen }),
  createRoute({ getParentRoute: () => root, path: '/connect', component: ConnectScreen }),
  createRoute({ getParentRoute: () => root, path: '/live', component: LiveScreen }),
  createRoute({ getParentRoute: () => root, path: '/timelines', component: TimelinesScreen }),
  createRoute({ getParentRoute: () => root, path: '/sequences', component: SequencesScreen }),
  createRoute({ getParentRoute: () => root, path: '/behaviors', component: BehaviorsScreen }),
  createRoute({ getParentRoute: () => root, path: '/discover', component: DiscoverScreen }),
  createRoute({ getParentRoute: () => root, path: '/why', component: WhyScreen }),
  createRoute({ getParentRoute: () => root, path: '/reports', component: ReportsScreen }),
  createRoute({ getParentRoute: () => root, path: '/sql', component: SqlScreen }),
]

/** One page, no server: the place in the app lies behind the `#`, which works for a file's own scheme and for http alike. */
export const router = createRouter({ routeTree: root.addChildren(routes), history: createHashHistory(), defaultErrorComponent: Crash })

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
