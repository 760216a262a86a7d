"""What the demo's documents say: made of the lines of their orders, all in one statement."""

from __future__ import annotations

import sqlalchemy as sa

from app.demo.world import World

CONTENT = """
WITH goods AS (
    SELECT item.order_id, item.returned_quantity > 0 AS is_back, item.tax_code, item.total_price,
           item.id, jsonb_build_object(
               'description', item.description, 'code', item.sku,
               'quantity', CAST(item.quantity AS text),
               'unit_price', CAST(item.unit_price AS text),
               'affectation', item.tax_code,
               'charges', CASE WHEN item.discount_amount = 0 THEN CAST('[]' AS jsonb)
                   ELSE jsonb_build_array(jsonb_build_object(
                       'code', '00', 'amount', CAST(item.discount_amount AS text))) END) AS line
      FROM sales.order_items AS item
     WHERE item.order_id IN (
           SELECT order_id FROM sunat.electronic_documents WHERE content IS NULL)
), sold AS (
    SELECT order_id, is_note,
           jsonb_agg(line ORDER BY id) AS lines,
           COALESCE(sum(total_price) FILTER (WHERE tax_code = '20'), 0) AS exonerated,
           COALESCE(sum(total_price) FILTER (WHERE tax_code = '30'), 0) AS unaffected
      FROM goods CROSS JOIN (VALUES (true), (false)) AS kind (is_note)
     WHERE is_back OR NOT is_note
     GROUP BY order_id, is_note
)
UPDATE sunat.electronic_documents AS paper
   SET total_exonerado = sold.exonerated,
       total_inafecto = sold.unaffected,
       content = jsonb_build_object(
           'issuer', jsonb_build_object(
               'ruc', issuer.ruc, 'name', issuer.raz_social, 'trade_name', issuer.trade_name,
               'address', jsonb_build_object('line', issuer.address, 'ubigeo', issuer.ubigeo),
               'establishment', place.establishment_code),
           'customer', jsonb_build_object(
               'doc_type', paper.customer_doc_type, 'number', paper.customer_doc_number,
               'name', paper.customer_name),
           'series', paper.series, 'number', paper.correlative_number,
           'issued_on', paper.issue_date,
           'issued_at', to_char(paper.created_at AT TIME ZONE 'America/Lima', 'HH24:MI:SS'),
           'lines', sold.lines)
       || CASE WHEN paper.document_type <> '07' THEN '{}' ELSE jsonb_build_object(
           'affected', jsonb_build_object(
               'document_type', corrected.document_type, 'id', corrected.number),
           'reason', CASE sale.status WHEN 'returned' THEN '06' ELSE '07' END,
           'reason_text', 'Devolución de mercadería') END
  FROM sales.orders AS sale
  JOIN inventory.locations AS place ON place.id = sale.location_id
  JOIN sold ON sold.order_id = sale.id,
       sunat.companies AS issuer, sunat.electronic_documents AS corrected
 WHERE paper.content IS NULL
   AND sale.id = paper.order_id
   AND sold.is_note = (paper.document_type = '07')
   AND issuer.id = paper.company_id
   AND corrected.id = COALESCE(paper.reference_document_id, paper.id)
"""
LINKS = """
UPDATE sunat.electronic_documents AS paper SET return_id = back.id
  FROM sales.order_returns AS back
 WHERE back.order_id = paper.order_id AND paper.document_type = '07' AND paper.return_id IS NULL
"""


def write_documents(world: World) -> None:
    """Give the new documents their content, and credit notes their return."""
    for statement in (CONTENT, LINKS):
        world.bulk.session.execute(sa.text(statement))
