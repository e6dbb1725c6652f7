import { createTheme, rem } from '@mantine/core'

/** Dense and calm: small type, tight spacing, one accent. Shades keep a contrast of 4.5 to 1 for text in both schemes. */
export const theme = createTheme({
  primaryColor: 'teal',
  primaryShade: { light: 8, dark: 7 },
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
    Paper: { defaultProps: { withBorder: true } },
  },
})
