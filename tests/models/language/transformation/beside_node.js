// Answers calls of a transformation's methods with JavaScript's own: reads {cases: [[name, arguments], ...]}, writes answers.
// A value that JSON does not have stands as {"$": name}; an answer is the JSON text of the value, or an error.

const revived = (value) => {
  if (Array.isArray(value)) return value.map(revived)
  if (value === null || typeof value !== 'object') return value
  if ('$' in value) {
    const [kind, ...rest] = value.$
    if (kind === 'undefined') return undefined
    if (kind === 'number') return Number(rest[0])
    if (kind === 'regexp') return new RegExp(rest[0], rest[1])
    if (kind === 'date') return new Date(Number(rest[0]))
    if (kind === 'set') return new Set(rest[0].map(revived))
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, revived(inner)]))
}

const own = (name) => (self, ...rest) => {
  const copy = Array.isArray(self) ? [...self] : self instanceof Date ? new Date(self) : self
  const answer = copy[name](...rest)
  return answer !== null && typeof answer === 'object' && Symbol.iterator in answer ? [...answer] : answer
}
const changed = (name) => (self, ...rest) => {
  const copy = self instanceof Date ? new Date(self) : self instanceof Set ? new Set(self) : [...self]
  copy[name](...rest)
  return copy
}
const of = (library, names, make) => Object.fromEntries(names.split(' ').map((name) => [`${library}.${name}`, make(name)]))
const callbacks = {
  itself: (value) => value,
  index: (value, index) => index,
  small: (value) => value < 2,
  pair: (value, index) => [value, index],
  text: (value) => String(value),
  difference: (left, right) => left - right,
  both: (left, right) => [left, right],
  sum: (left, right) => left + right
}
const calling = (name) => (self, callback, ...rest) =>
  callback === null ? [...self][name](undefined, ...rest) : [...self][name](callbacks[callback], ...rest)
const deepEquals = (left, right) => {
  try { require('assert').deepStrictEqual(left, right) } catch { return false }
  return true
}

const methods = {
  ...of('Array', 'at concat flat includes indexOf join keys lastIndexOf slice entries toString values with toReversed ' +
    'toSpliced', own),
  ...of('Array', 'copyWithin fill push reverse unshift', changed),
  ...of('Array', 'every filter find findIndex findLast findLastIndex flatMap map some', calling),
  'Array.reduce': (self, callback, ...rest) => self.reduce(callbacks[callback], ...rest),
  'Array.reduceRight': (self, callback, ...rest) => self.reduceRight(callbacks[callback], ...rest),
  'Array.sort': (self, callback) => [...self].sort(callback === undefined ? undefined : callbacks[callback]),
  'Array.toSorted': (self, callback) => [...self].sort(callback === undefined ? undefined : callbacks[callback]),
  'Array.from': (value) => Array.from(value),
  'Array.of': (...values) => values,
  'Array.isArray': Array.isArray,
  'Array.length': (self) => self.length,
  'Array.getIndex': (self, index) => self[index],
  'Array.setIndex': (self, index, value) => { const copy = [...self]; copy[index] = value; return [...copy] },
  'Array.pop': (self) => { const array = [...self]; const value = array.pop(); return { value, array } },
  'Array.shift': (self) => { const array = [...self]; const value = array.shift(); return { value, array } },
  'Array.splice': (self, ...rest) => { const array = [...self]; return { spliced: array.splice(...rest), array } },
  ...of('String', 'at charAt charCodeAt codePointAt concat endsWith includes indexOf isWellFormed lastIndexOf ' +
    'localeCompare match normalize padEnd padStart repeat replace replaceAll search slice split startsWith substr ' +
    'substring toLowerCase toLocaleLowerCase toUpperCase toLocaleUpperCase toString toWellFormed trim trimEnd ' +
    'trimStart valueOf', own),
  'String.matchAll': (self, what) => [...self.matchAll(what)],
  'String.length': (self) => self.length,
  'String.fromCharCode': String.fromCharCode,
  'String.fromCodePoint': String.fromCodePoint,
  ...of('Object', 'assign entries fromEntries is keys values', (name) => (value, ...rest) =>
    Object[name](name === 'assign' && value !== null && typeof value === 'object' && !Array.isArray(value) ? { ...value } : value, ...rest)),
  'Object.hasOwnProperty': (self, key) => Object.prototype.hasOwnProperty.call(self, key),
  'Object.hasOwn': (self, key) => Object.hasOwn(self, key),
  'Object.getProperty': (self, key) => self[key],
  'Object.optional chaining': (self, ...keys) => keys.reduce((value, key) => value?.[key], self),
  'Object.setProperty': (self, key, value) => { self[key] = value; return self },
  'Object.deleteProperty': (self, key) => { delete self[key]; return self },
  ...of('Math', 'abs acos acosh asin asinh atan atan2 atanh cbrt ceil clz32 cos cosh exp expm1 floor fround hypot imul ' +
    'log log10 log1p log2 max min pow round sign sin sinh sqrt tan tanh trunc', (name) => Math[name]),
  'Math.add': (left, right) => left + right,
  'Math.subtract': (left, right) => left - right,
  'Math.multiply': (left, right) => left * right,
  'Math.divide': (left, right) => left / right,
  'Math.remainder': (left, right) => left % right,
  'Math.exponentiation': (left, right) => left ** right,
  ...of('Number', 'isFinite isInteger isNaN isSafeInteger parseFloat parseInt', (name) => Number[name]),
  ...of('Number', 'toExponential toFixed toPrecision toString valueOf', own),
  'Boolean.toString': (self) => self.toString(),
  'Boolean.valueOf': (self) => self.valueOf(),
  ...of('JSON', 'parse stringify', (name) => JSON[name]),
  'JSON.typeof': (value) => typeof value,
  'Equality.equality': (left, right) => left == right,
  'Equality.inequality': (left, right) => left != right,
  'Equality.identity': (left, right) => left === right,
  'Equality.nonidentity': (left, right) => left !== right,
  'Equality.deepEquals': deepEquals,
  'Relational.lessThan': (left, right) => left < right,
  'Relational.lessThanOrEqual': (left, right) => left <= right,
  'Relational.greaterThan': (left, right) => left > right,
  'Relational.greaterThanOrEqual': (left, right) => left >= right,
  'Logical.and': (left, right) => left && right,
  'Logical.or': (left, right) => left || right,
  'Logical.nullish': (left, right) => left ?? right,
  'Logical.not': (value) => !value,
  'Conditional.ternary': (test, one, other) => test ? one : other,
  'RegExp.test': (self, text) => self.test(text),
  'RegExp.exec': (self, text) => self.exec(text),
  'RegExp.toString': (self) => self.toString(),
  'Set.has': (self, value) => self.has(value),
  'Set.size': (self) => self.size,
  'Set.values': (self) => [...self],
  'Set.keys': (self) => [...self.keys()],
  'Set.entries': (self) => [...self.entries()],
  'Set.add': (self, value) => [...changed('add')(self, value)],
  'Set.delete': (self, value) => [...changed('delete')(self, value)],
  ...of('Date', 'getDate getDay getFullYear getHours getMilliseconds getMinutes getMonth getSeconds getTime ' +
    'getTimezoneOffset getUTCDate getUTCDay getUTCFullYear getUTCHours getUTCMilliseconds getUTCMinutes getUTCMonth ' +
    'getUTCSeconds toDateString toISOString toJSON toString toTimeString toUTCString valueOf', own),
  ...of('Date', 'setDate setFullYear setHours setMilliseconds setMinutes setMonth setSeconds setTime setUTCDate ' +
    'setUTCFullYear setUTCHours setUTCMilliseconds setUTCMinutes setUTCMonth setUTCSeconds', changed),
  'Date.parse': Date.parse,
  'Date.UTC': Date.UTC,
  'new Date#1': (value) => new Date(value),
  'new Date#3': (...values) => new Date(...values),
  'new String': (value) => String(value),
  'new Number': (value) => Number(value),
  'new Boolean': (value) => Boolean(value)
}

const { cases } = JSON.parse(require('fs').readFileSync(0))
console.log(JSON.stringify(cases.map(([name, given]) => {
  try {
    if (!(name in methods)) return { unknown: name }
    const answer = JSON.stringify(methods[name](...given.map(revived)))
    return answer === undefined ? { undefined: true } : { value: answer }
  } catch (fault) {
    return { error: String(fault) }
  }
})))
