package dev.modelops.local.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BreakingChangesTest {

  private static final String BEFORE =
      """
          x-roles: {viewer: [read], engineer: [read, write]}
          x-problems: {not-found: There is none., conflict: It does not fit.}
          paths:
            /v1/things:
              get:
                operationId: listThings
                x-permission: read
                parameters:
                  - {name: limit, in: query, schema: {type: integer, maximum: 100, default: 20}}
                  - {name: sort, in: query, schema: {type: string, enum: [name, age]}}
                responses:
                  '200':
                    headers: {Link: {schema: {type: string}}}
                    content:
                      application/json: {schema: {$ref: '#/components/schemas/Page'}}
                      application/x-ndjson: {schema: {type: string}}
                  '404': {content: {application/problem+json: {schema: {type: object}}}}
              post:
                operationId: createThing
                x-permission: write
                x-max-body: 1000
                requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Content'}}}}
                responses:
                  '201': {content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
          components:
            schemas:
              Content:
                type: object
                additionalProperties: false
                required: [name, size]
                properties:
                  name: {type: string, maxLength: 64, pattern: '^[a-z]+$'}
                  size: {type: number, minimum: 1}
                  kind: {type: string, enum: [big, small]}
                  tags: {type: array, maxItems: 20, items: {type: string}}
                  owner: {type: object, properties: {id: {type: string}}}
                  facts: {type: object, additionalProperties: {anyOf: [{type: string}, {type: number}]}}
              Base: {type: object, required: [id], properties: {id: {type: string}}}
              Thing:
                allOf:
                  - {$ref: '#/components/schemas/Base'}
                  - type: object
                    required: [name]
                    properties:
                      name: {type: string}
                      since: {type: string, format: date-time}
                      state: {type: string, enum: [new, old]}
                      parts: {type: array, items: {$ref: '#/components/schemas/Thing'}}
                      value: {oneOf: [{type: string}, {type: integer}]}
              Page: {type: object, required: [items], properties: {items: {type: array, items: {$ref: '#/components/schemas/Thing'}}}}
          """;

  private static List<String> found(String old, String now) {
    assertThat(BEFORE).contains(old);
    return BreakingChanges.between(Documents.read(BEFORE), Documents.read(BEFORE.replace(old, now)));
  }

  @Test
  void aContractBreaksNothingOfItself() {
    assertThat(BreakingChanges.between(Documents.read(BEFORE), Documents.read(BEFORE))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
      /v1/things: | /v2/things:                                     | listThings: removed
      operationId: listThings | operationId: findThings             | listThings: another operationId, generated clients call it by that
      x-permission: read | x-permission: write                      | listThings: needs another permission
      x-max-body: 1000 | x-max-body: 999                            | createThing: takes shorter bodies
      engineer: [read, write] | engineer: [read]                    | role engineer: lost write
      conflict: It does not fit. | clash: It does not fit.          | problem conflict: removed
      name: sort, in: query, | name: order, in: query,              | listThings query sort: removed
      name: sort, in: query, | name: sort, in: query, required: true, | listThings query sort: required
      maximum: 100 | maximum: 50                                    | listThings query limit: maximum is lower
      default: 20 | default: 10                                     | listThings query limit: another default
      enum: [name, age] | enum: [name]                              | listThings query sort: no value age
      requestBody: {content: | requestBody: {required: true, content: | createThing body: required
      required: [name, size] | required: [name, size, kind]         | createThing body.kind: required
      {type: object, additionalProperties: {anyOf | {type: object, additionalProperties: false, x: {anyOf | createThing body.facts: other fields are refused
      size: {type: number | weight: {type: number                   | createThing body.size: removed
      size: {type: number | size: {type: integer                    | createThing body.size: the type was [number] and is [integer]
      minimum: 1} | minimum: 2}                                     | createThing body.size: minimum is higher
      maxLength: 64 | maxLength: 63                                 | createThing body.name: maxLength is lower
      '^[a-z]+$' | '^[a-f]+$'                                       | createThing body.name: another pattern
      [big, small] | [big]                                          | createThing body.kind: no value small
      maxItems: 20, | maxItems: 20, uniqueItems: true,              | createThing body.tags: items must differ
      maxItems: 20, items: {type: string} | maxItems: 20, items: {type: string, maxLength: 9} | createThing body.tags[]: maxLength is lower
      [{type: string}, {type: number}] | [{type: string}]           | createThing body.facts.*: anyOf lost an alternative
      tags: {type: array, maxItems: 20 | tags: {type: array, maxItems: 19 | createThing body.tags: maxItems is lower
      '201': | '202':                                               | createThing 201: removed
      headers: {Link: | headers: {Chain:                            | listThings 200 header Link: removed
      application/x-ndjson: | text/plain:                           | listThings 200: no longer as application/x-ndjson
      required: [items] | required: []                              | listThings 200.items: not always there
      properties: {id: | properties: {key:                          | createThing 201.id: removed
      format: date-time | format: date                              | createThing 201.since: another format
      [new, old] | [new]                                            | createThing 201.state: no value old
      [{type: string}, {type: integer}] | [{type: string}, {type: integer}, {type: object}] | createThing 201.value: oneOf has an alternative more
      """)
  void aBreakIsNamed(String old, String now, String sentence) {
    assertThat(found(old, now)).contains(sentence);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
      x-max-body: 1000 | x-max-body: 2000
      viewer: [read] | viewer: [read, look]
      maximum: 100 | maximum: 200
      minimum: 1} | minimum: 0}
      enum: [name, age] | enum: [name, age, size]
      maxLength: 64, pattern: '^[a-z]+$' | maxLength: 65
      additionalProperties: false | additionalProperties: true
      [{type: string}, {type: number}] | [{type: string}, {type: number}, {type: boolean}]
      kind: {type: string, enum: [big, small]} | kind: {type: string}
      [new, old] | [new, old, lost]
      [{type: string}, {type: integer}] | [{type: integer}]
      properties: {id: {type: string} | properties: {id: {type: string}, key: {type: string}
      '404': | '410':
      """)
  void whatOnlyAddsOrAllowsMoreBreaksNothing(String old, String now) {
    assertThat(found(old, now)).isEmpty();
  }

  @Test
  void anOperationThatComesBreaksNothing() {
    assertThat(found("  /v1/things:", "  /v1/more: {get: {operationId: more, responses: {}}}\n  /v1/things:"))
        .isEmpty();
  }
}
