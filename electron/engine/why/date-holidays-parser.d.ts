/** What is used of it; its own declarations are not found by its export map. */
declare module 'date-holidays-parser' {
  export default class Holidays {
    constructor(data: object, country: string)
    /** False for a rule that it does not understand. */
    setHoliday(rule: string, options: { readonly name: string; readonly type: string }): boolean
    /** `date` begins with YYYY-MM-DD. */
    getHolidays(year: number): { readonly date: string; readonly name: string }[]
  }
}
