drop table session_bookings;
drop function sync_slot_with_booking();
