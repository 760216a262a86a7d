"""Every balance of the demo is the sum of its ledger, and every total the sum of its lines."""

from __future__ import annotations

import pytest

from app.services.platform.verify_ledgers import COUNTS, TRANSIT

pytestmark = pytest.mark.xdist_group("demo")

CHECKS = {
    "stock is the sum of the movements": """
        WITH moved AS (
            SELECT variant_id, to_location_id AS location_id, quantity
              FROM inventory.inventory_movements WHERE to_location_id IS NOT NULL
            UNION ALL
            SELECT variant_id, from_location_id, -quantity
              FROM inventory.inventory_movements WHERE from_location_id IS NOT NULL),
        ledger AS (
            SELECT variant_id, location_id, sum(quantity) AS pieces FROM moved GROUP BY 1, 2)
        SELECT * FROM ledger FULL JOIN inventory.inventory_stock AS stock
         USING (variant_id, location_id)
         WHERE COALESCE(pieces, 0) <> COALESCE(quantity_on_hand, 0)""",
    "stock was never below zero": """
        WITH moved AS (
            SELECT variant_id, to_location_id AS location_id, quantity, created_at
              FROM inventory.inventory_movements WHERE to_location_id IS NOT NULL
            UNION ALL
            SELECT variant_id, from_location_id, -quantity, created_at
              FROM inventory.inventory_movements WHERE from_location_id IS NOT NULL)
        SELECT * FROM (
            SELECT *, sum(quantity) OVER (
                PARTITION BY variant_id, location_id ORDER BY created_at, quantity DESC) AS balance
              FROM moved) AS running
         WHERE balance < 0""",
    "reserved stock is the sum of the reservations": """
        SELECT stock.id FROM inventory.inventory_stock AS stock
          LEFT JOIN inventory.inventory_reservations AS kept USING (variant_id, location_id)
         GROUP BY stock.id
        HAVING COALESCE(sum(kept.quantity), 0) <> stock.quantity_reserved""",
    "what was sold left the stock": """
        SELECT item.order_id, item.variant_id
          FROM sales.order_items AS item JOIN sales.orders AS sale ON sale.id = item.order_id
          LEFT JOIN inventory.inventory_movements AS moved
            ON moved.order_id = item.order_id AND moved.variant_id = item.variant_id
           AND moved.movement_type = 'sell'
         WHERE sale.status IN ('completed', 'returned', 'shipped', 'delivered')
           AND moved.quantity IS DISTINCT FROM item.quantity""",
    "what came back is in the stock again": """
        SELECT item.id FROM sales.order_items AS item
          LEFT JOIN inventory.inventory_movements AS moved
            ON moved.order_id = item.order_id AND moved.variant_id = item.variant_id
           AND moved.movement_type = 'return'
         WHERE COALESCE(moved.quantity, 0) <> item.returned_quantity""",
    "orders are the sum of their lines": """
        SELECT sale.order_number FROM sales.orders AS sale
          JOIN sales.order_items AS item ON item.order_id = sale.id
         GROUP BY sale.id
        HAVING sale.subtotal <> sum(round(item.quantity * item.unit_price, 2))
            OR sale.discount_total <> sum(item.discount_amount)
            OR sale.tax_total <> sum(item.tax_amount)
               + sale.shipping_cost - round(sale.shipping_cost / 1.18, 2)""",
    "tax is what the prices contain": """
        SELECT * FROM sales.order_items
         WHERE tax_amount <> total_price - round(total_price / (1 + tax_rate / 100), 2)""",
    "payments cover what was paid": """
        SELECT sale.order_number, sale.payment_status, sum(paid.amount)
          FROM sales.orders AS sale LEFT JOIN sales.payments AS paid ON paid.order_id = sale.id
         GROUP BY sale.id
        HAVING CASE sale.payment_status
               WHEN 'paid' THEN sum(paid.amount) IS DISTINCT FROM sale.grand_total
               WHEN 'unpaid' THEN count(paid.id) > 0
               WHEN 'refunded' THEN sum(paid.amount) <> 0
               ELSE NOT sum(paid.amount) BETWEEN 0.01 AND sale.grand_total - 0.01 END""",
    "cash alone is rounded": """
        SELECT sale.order_number FROM sales.orders AS sale
          JOIN sales.payments AS paid ON paid.order_id = sale.id AND paid.amount > 0
         GROUP BY sale.id
        HAVING (sale.cash_rounding <> 0 AND bool_or(paid.method <> 'cash'))
            OR (bool_and(paid.method = 'cash') AND sale.grand_total % 0.10 <> 0)""",
    "cash sessions expect the cash that was kept": """
        SELECT till.id FROM sales.cash_sessions AS till
         WHERE till.expected_cash <> till.starting_cash
           + COALESCE((SELECT sum(amount) FROM sales.payments
                        WHERE cash_session_id = till.id AND method = 'cash'), 0)
           + COALESCE((SELECT sum(CASE type WHEN 'in' THEN amount ELSE -amount END)
                         FROM sales.cash_movements WHERE session_id = till.id), 0)""",
    "the state of an order is the last of its history": """
        SELECT sale.order_number, sale.status FROM sales.orders AS sale
          JOIN LATERAL (SELECT new_status FROM sales.order_status_history
                         WHERE order_id = sale.id ORDER BY changed_at DESC, id DESC LIMIT 1)
               AS last ON true
         WHERE last.new_status <> sale.status""",
    "only allowed transitions happened": """
        SELECT DISTINCT previous_status, new_status FROM sales.order_status_history
        EXCEPT SELECT from_status, to_status FROM sales.order_status_transitions""",
    "coupons know how often they were used": """
        SELECT coupon.code FROM sales.coupons AS coupon
          LEFT JOIN sales.order_promotions AS used ON used.coupon_id = coupon.id
         GROUP BY coupon.id HAVING coupon.used_count <> count(used.id)""",
    "promotions explain the discounts": """
        SELECT sale.order_number FROM sales.orders AS sale
          LEFT JOIN sales.order_promotions AS off ON off.order_id = sale.id
         GROUP BY sale.id HAVING sale.discount_total <> COALESCE(sum(off.amount_discounted), 0)""",
    "points are the sum of their movements": """
        SELECT account.id FROM customers.loyalty_accounts AS account
          LEFT JOIN customers.loyalty_movements AS moved ON moved.loyalty_account_id = account.id
         GROUP BY account.id HAVING account.points_balance <> COALESCE(sum(moved.points), 0)""",
    "wallets are the sum of their movements": """
        SELECT wallet.id FROM customers.customer_wallets AS wallet
          LEFT JOIN customers.wallet_transactions AS moved ON moved.wallet_id = wallet.id
         GROUP BY wallet.id
        HAVING wallet.balance <> COALESCE(
            sum(CASE moved.type WHEN 'DEBIT' THEN -moved.amount ELSE moved.amount END), 0)""",
    "paid by wallet left the wallet": """
        SELECT (SELECT sum(amount) FROM sales.payments WHERE method = 'wallet'),
               (SELECT sum(CASE type WHEN 'DEBIT' THEN amount ELSE -amount END)
                  FROM customers.wallet_transactions WHERE reference <> 'Recarga en tienda')
         WHERE (SELECT COALESCE(sum(amount), 0) FROM sales.payments WHERE method = 'wallet') <>
               (SELECT COALESCE(sum(CASE type WHEN 'DEBIT' THEN amount ELSE -amount END), 0)
                  FROM customers.wallet_transactions WHERE reference <> 'Recarga en tienda')""",
    "document series have no gaps": """
        SELECT series.series FROM sunat.document_sequences AS series
          LEFT JOIN sunat.electronic_documents AS paper USING (company_id, series)
         GROUP BY series.id
        HAVING series.current_number <> count(paper.id)
            OR COALESCE(max(paper.correlative_number), 0) <> count(paper.id)""",
    "documents say what their order says": """
        SELECT paper.id FROM sunat.electronic_documents AS paper
          JOIN sales.orders AS sale ON sale.id = paper.order_id
         WHERE paper.document_type IN ('01', '03')
           AND (paper.total_amount <> sale.grand_total - sale.cash_rounding
                OR paper.total_igv <> sale.tax_total
                OR paper.document_type <> sale.document_type)""",
    "tickets are numbered without gaps": """
        SELECT place.code FROM inventory.locations AS place
          JOIN sales.orders AS sale ON sale.order_number LIKE place.code || '-%'
          JOIN platform.number_sequences AS given ON given.series = 'ticket:' || place.code
         GROUP BY place.code, given.current HAVING given.current <> count(*)""",
    "invoices are the sum of their lines": """
        SELECT bill.invoice_number FROM billing.invoices AS bill
          JOIN billing.invoice_line_items AS line ON line.invoice_id = bill.id
         GROUP BY bill.id
        HAVING bill.subtotal <> sum(line.line_total)
            OR bill.total_tax_amount <> sum(line.tax_amount)
            OR bill.total_amount <> bill.subtotal + bill.total_tax_amount""",
    "invoice lines are quantity times price": """
        SELECT * FROM billing.invoice_line_items
         WHERE line_total <> round(quantity * unit_price, 2) - discount_amount
            OR tax_amount <> round(line_total * 0.18, 2)""",
    "invoices know what was paid": """
        SELECT bill.invoice_number FROM billing.invoices AS bill
         WHERE bill.paid_amount
               <> COALESCE((SELECT sum(amount) FROM billing.payments WHERE invoice_id = bill.id), 0)
                - COALESCE((SELECT sum(amount) FROM billing.refunds WHERE invoice_id = bill.id), 0)
            OR bill.credits_applied <> COALESCE((
                SELECT sum(amount_applied) FROM billing.credit_applications
                 WHERE invoice_id = bill.id), 0)
            OR bill.payment_count <> (
                SELECT count(*) FROM billing.payments WHERE invoice_id = bill.id)
            OR (bill.status = 'paid') <> (bill.balance_due = 0 AND bill.status <> 'void')""",
    "credit notes know what is left": """
        SELECT note.credit_number FROM billing.credit_notes AS note
          LEFT JOIN billing.credit_applications AS used ON used.credit_note_id = note.id
         GROUP BY note.id
        HAVING note.balance_remaining <> note.amount - COALESCE(sum(used.amount_applied), 0)""",
    "quotes are the sum of their lines": """
        SELECT quote.quote_number FROM billing.quotes AS quote
          JOIN billing.quote_line_items AS line ON line.quote_id = quote.id
         GROUP BY quote.id
        HAVING quote.subtotal <> sum(line.line_total)
            OR quote.tax_amount <> sum(line.tax_amount)""",
    "deals are worth what is offered in them": """
        SELECT deal.name FROM crm.deals AS deal
          JOIN crm.deal_products AS line ON line.deal_id = deal.id
         GROUP BY deal.id HAVING deal.amount <> sum(line.line_total)""",
    "jobs took the hours that were recorded": """
        SELECT job.job_number FROM services.jobs AS job
          LEFT JOIN services.time_entries AS spent ON spent.job_id = job.id
         GROUP BY job.id
        HAVING job.actual_hours <> round(COALESCE(sum(spent.duration_minutes), 0) / 60.0, 2)""",
    "schedules count their invoices": """
        SELECT schedule.recurring_name FROM billing.recurring_invoices AS schedule
          LEFT JOIN billing.invoices AS bill ON bill.recurring_invoice_id = schedule.id
         GROUP BY schedule.id HAVING schedule.invoices_generated <> count(bill.id)""",
    "numbers of a year have no gaps": """
        SELECT given.series, given.year FROM platform.number_sequences AS given
          JOIN billing.invoices AS bill
            ON given.series = 'FS' AND bill.invoice_number LIKE 'FS-' || given.year || '-%'
         GROUP BY given.id HAVING given.current <> count(*)""",
}


@pytest.mark.parametrize("check", CHECKS)
def test_the_books_agree(check, differences) -> None:
    assert differences(CHECKS[check]) == []


def test_goods_in_transit_and_counts_agree_with_their_documents(differences) -> None:
    for check in (TRANSIT, COUNTS):
        assert differences(check.sql) == []
