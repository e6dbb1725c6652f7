import { createTheme, rem, type CSSVariablesResolver } from '@mantine/core'

/** Dense and calm: small type, tight spacing, one accent. Shades keep a contrast of 4.5 to 1 for text in both schemes. */
export const theme = createTheme({
  primaryColor: 'teal',
  primaryShade: 9,
  autoContrast: true,
  defaultRadius: 'sm',
  fontFamily: 'Inter, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  fontSizes: { xs: rem(11.5), sm: rem(13), md: rem(14), lg: rem(16), xl: rem(19) },
  headings: { fontWeight: '600', sizes: { h1: { fontSize: rem(24) }, h2: { fontSize: rem(19) }, h3: { fontSize: rem(16) }, h4: { fontSize: rem(14.5) } } },
  spacing: { xs: rem(6), sm: rem(10), md: rem(14), lg: rem(18), xl: rem(26) },
  components: {
    Tooltip: { defaultProps: { withArrow: true, openDelay: 250, multiline: true } },
    TextInput: { defaultProps: { size: 'sm' } },
    // the page itself never scrolls, and locking it writes a style that the policy refuses
    Modal: { defaultProps: { lockScroll: false, closeButtonProps: { 'aria-label': 'Close' } } },
    Drawer: { defaultProps: { lockScroll: false, closeButtonProps: { 'aria-label': 'Close' } } },
    Paper: { defaultProps: { withBorder: true } },
  },
})

/** Texts on tinted grounds and dimmed ones, dark or bright enough to be read by everyone (WCAG 2.2, 1.4.3). */
export const readableColors: CSSVariablesResolver = () => ({
  variables: { '--mantine-color-teal-filled-hover': '#066649', '--mantine-primary-color-filled-hover': '#066649' },
  light: {
    '--mantine-color-dimmed': '#575e67',
    '--mantine-color-placeholder': '#6b727b',
    '--mantine-color-anchor': '#06543c',
    '--mantine-color-teal-light-color': '#06543c',
    '--mantine-color-teal-text': '#06543c',
    '--mantine-color-orange-light-color': '#7d3600',
    '--mantine-color-orange-text': '#8a3b00',
    '--mantine-color-red-light-color': '#8f1414',
    '--mantine-color-red-text': '#a61e1e',
    '--mantine-color-blue-light-color': '#0b4a8f',
    '--mantine-color-yellow-light-color': '#5c4300',
    '--mantine-color-gray-light-color': '#33383e',
    '--mantine-color-gray-text': '#33383e',
  },
  dark: {
    '--mantine-color-dimmed': '#aab1bc',
    '--mantine-color-placeholder': '#9aa1ab',
    '--mantine-color-anchor': '#96f2d7',
    '--mantine-color-teal-light-color': '#a8f5dd',
    '--mantine-color-teal-text': '#96f2d7',
    '--mantine-color-orange-light-color': '#ffd8a8',
    '--mantine-color-orange-text': '#ffc078',
    '--mantine-color-red-light-color': '#ffd0d0',
    '--mantine-color-red-text': '#ffa8a8',
    '--mantine-color-blue-light-color': '#c5e4ff',
    '--mantine-color-yellow-light-color': '#ffec99',
    '--mantine-color-gray-light-color': '#dde1e6',
    '--mantine-color-gray-text': '#dde1e6',
  },
})
