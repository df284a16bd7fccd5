/**
 * PostgreSQL 8.16.6: the text form of a composite value, taken apart: `(1,"a ""b""",,\\)`. An empty field is NULL, an empty string is
 * written `""`, and inside or outside quotes a doubled quote or backslash stands for itself.
 */
export function parseRecordText(text: string): (string | null)[] {
  if (!text.startsWith('(') || !text.endsWith(')')) throw new SyntaxError('Not a composite value.');
  if (text === '()') return [null];
  const fields: (string | null)[] = [];
  const end = text.length - 1;
  let at = 1;
  for (;;) {
    const [field, next] = readField(text, at, end);
    fields.push(field);
    if (next === end) return fields;
    at = next + 1;
  }
}

function readField(text: string, start: number, end: number): [string | null, number] {
  if (text[start] !== '"') {
    // The server quotes every value that holds a comma, parenthesis, quote, backslash or white space.
    const comma = text.indexOf(',', start);
    const stop = comma === -1 ? end : comma;
    return [stop === start ? null : text.slice(start, stop), stop];
  }
  let value = '';
  let at = start + 1;
  for (;;) {
    let stop = at;
    while (stop < end && text[stop] !== '"' && text[stop] !== '\\') stop++;
    if (stop >= end) throw new SyntaxError('A quoted field does not end.');
    value += text.slice(at, stop);
    if (text[stop] === text[stop + 1]) {
      value += text[stop];
      at = stop + 2;
    } else if (text[stop] === '"') {
      if (text[stop + 1] !== ',' && stop + 1 !== end)
        throw new SyntaxError('A field is followed by rubbish.');
      return [value, stop + 1];
    } else throw new SyntaxError('A backslash stands alone.');
  }
}
